"""What every channel can do: tell people one alert before a deadline."""

from typing import Protocol

from mlops_platform.notifications.alert import Alert


class Channel(Protocol):
    """A way to people."""

    def send(self, alert: Alert, deadline: float) -> None:
        """Deliver an alert.

        Parameters
        ----------
        alert
            What to tell.
        deadline
            Epoch seconds after which nothing may be under way.

        Raises
        ------
        AlertNotDeliveredError
            The channel did not take it, or not in time. Neither the message nor its cause names
            an address or a credential, so that it may be logged.
        """
