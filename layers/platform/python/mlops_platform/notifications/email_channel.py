"""E-mail, handed to a mail server by SMTP."""

import hashlib
import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from mlops_platform.errors import AlertNotDeliveredError
from mlops_platform.notifications.alert import Alert
from mlops_platform.notifications.channel_settings import EmailSettings
from mlops_platform.observability.logging import logger

_TIMEOUT_SECONDS: Final = 10.0
_LEAST_SECONDS: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class EmailChannel:
    """Sends one message to all recipients.

    Parameters
    ----------
    settings
        The mail server and the addresses.
    make_context
        Makes what decides which servers are believed.
    clock
        Epoch seconds.
    """

    settings: EmailSettings
    make_context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    clock: Callable[[], float] = time.time

    def send(self, alert: Alert, deadline: float) -> None:
        """Hand the message over; delivered means that the server took it for some recipient.

        Raises
        ------
        AlertNotDeliveredError
            It did not, or there was no time left.
        """
        timeout = min(_TIMEOUT_SECONDS, deadline - self.clock())
        if timeout < _LEAST_SECONDS:
            raise AlertNotDeliveredError("No time was left for e-mail; the queue brings it again.")
        try:
            refused = self._hand_over(self._message(alert), timeout)
        except (smtplib.SMTPException, OSError) as error:
            problem = _describe(error)
        else:
            if refused:
                logger.error("e-mail was refused to some", extra={"refused_recipients": refused})
            return
        # Outside of the handler: the error's own words name addresses.
        raise AlertNotDeliveredError(
            f"The mail server did not take the message ({problem}). Check `email` in the secret "
            "with the alert channels; the queue brings the alert again."
        )

    def _hand_over(self, message: EmailMessage, timeout: float) -> int:
        """Return to how many recipients the message was refused while others got it."""
        settings = self.settings
        with smtplib.SMTP(settings.host, settings.port, timeout=timeout) as server:
            if settings.starttls:
                server.starttls(context=self.make_context())
            if settings.username:
                server.login(settings.username, settings.password.get_secret_value())
            return len(server.send_message(message))

    def _message(self, alert: Alert) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = alert.title
        message["From"] = self.settings.sender
        message["To"] = ", ".join(self.settings.recipients)
        message["Date"] = format_datetime(alert.time)
        message["Message-ID"] = self._message_id(alert)
        message.set_content(alert.body)
        return message

    def _message_id(self, alert: Alert) -> str:
        """Name the message after incident and channel: mail programs show a second one once."""
        digest = hashlib.sha256(f"{alert.incident_id}\nemail".encode()).hexdigest()[:32]
        return f"<{digest}@{self.settings.sender.rpartition('@')[2]}>"


def _describe(error: Exception) -> str:
    """Name an error without the addresses that its own text may hold."""
    code = getattr(error, "smtp_code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"
