"""Alerts go to every channel that is set, to each once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import SendAlertSettings
from mlops_platform.errors import AlertNotDeliveredError
from mlops_platform.notifications.alert import Alert
from mlops_platform.notifications.channel import Channel
from mlops_platform.notifications.channel_secret import ChannelSecret
from mlops_platform.notifications.channel_settings import ChannelSettings
from mlops_platform.notifications.deliveries import Deliveries
from mlops_platform.notifications.email_channel import EmailChannel
from mlops_platform.notifications.slack_channel import SlackChannel
from mlops_platform.observability.logging import logger

Channels = Mapping[str, Channel | None]
EMAIL: Final = "email"
SLACK: Final = "slack"


def make_channels(settings: ChannelSettings) -> Channels:
    """Return every channel by its name, None where it is not set."""
    return {
        EMAIL: EmailChannel(settings=settings.email) if settings.email else None,
        SLACK: SlackChannel(settings=settings.slack) if settings.slack else None,
    }


@dataclass(frozen=True, kw_only=True)
class AlertSender:
    """Tells channels of incidents.

    Parameters
    ----------
    environment
        Where the platform runs; it heads every title.
    secret
        Where the channels' settings lie.
    deliveries
        What has been told already.
    make
        Makes channels of their settings.
    """

    environment: str
    secret: ChannelSecret
    deliveries: Deliveries
    make: Callable[[ChannelSettings], Channels] = field(default=make_channels)

    @classmethod
    def from_settings(cls, settings: SendAlertSettings) -> Self:
        """Connect to the secret and the table."""
        return cls(
            environment=settings.environment,
            secret=ChannelSecret(secrets=client("secretsmanager"), arn=settings.alert_channels_arn),
            deliveries=Deliveries(dynamodb=client("dynamodb"), table=settings.monitoring_table),
        )

    def send(self, alert: Alert, deadline: float) -> list[str]:
        """Tell every channel that was not told; return which were told now.

        Parameters
        ----------
        alert
            What to tell.
        deadline
            Epoch seconds after which nothing may be under way.

        Raises
        ------
        AlertChannelsError
            The secret does not hold what it should.
        AlertNotDeliveredError
            Some channel did not take it, or somebody else is telling it. The others were told, and
            the same call may be repeated.
        """
        told, problems = [], []
        for name, channel in self.make(self.secret.channels()).items():
            if channel is None:
                _log("the channel is not set", alert, name)
                continue
            try:
                if self._tell(alert, name, channel, deadline):
                    told.append(name)
            except AlertNotDeliveredError as error:
                problems.append(f"{name}: {error}")
        if problems:
            raise AlertNotDeliveredError(" ".join(problems))
        return told

    def _tell(self, alert: Alert, name: str, channel: Channel, deadline: float) -> bool:
        """Tell one channel; False when that was done before."""
        claim = self.deliveries.claim(alert.incident_id, name, deadline)
        if claim is None:
            if self.deliveries.is_delivered(alert.incident_id, name):
                _log("the channel was told before", alert, name)
                return False
            raise AlertNotDeliveredError(
                "Somebody else is sending it; the queue brings it again in case they fail."
            )
        try:
            channel.send(alert, deadline)
        except AlertNotDeliveredError:
            self.deliveries.release(claim)
            raise
        # Who dies before the next line sends again when the claim has expired.
        self.deliveries.record(claim)
        _log("the channel was told", alert, name)
        return True


def _log(message: str, alert: Alert, channel: str) -> None:
    logger.info(message, extra={"incident": alert.incident_id, "channel": channel})
