"""Slack, by an incoming webhook."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import orjson
import urllib3

from mlops_platform.errors import AlertNotDeliveredError
from mlops_platform.notifications.alert import Alert
from mlops_platform.notifications.channel_settings import SlackSettings
from mlops_platform.observability.logging import logger

_TIMEOUT_SECONDS: Final = 10.0
_LEAST_SECONDS: Final = 0.5
# Between attempts where Slack does not say, doubled each time.
_FIRST_PAUSE_SECONDS: Final = 1.0
_OK: Final = 200
_TOO_MANY_REQUESTS: Final = 429
_SERVER_ERROR: Final = 500


@dataclass(frozen=True, kw_only=True)
class SlackChannel:
    """Posts to one webhook, again and again while Slack says "later" and time is left.

    Parameters
    ----------
    settings
        The webhook.
    clock
        Epoch seconds.
    sleep
        Waits some seconds.
    """

    settings: SlackSettings
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    _pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False), repr=False
    )

    def send(self, alert: Alert, deadline: float) -> None:
        """Post the alert.

        Raises
        ------
        AlertNotDeliveredError
            Slack refused it, or did not take it before the deadline.
        """
        pause = _FIRST_PAUSE_SECONDS
        while True:
            problem, told = self._attempt(alert, deadline)
            if problem is None:
                return
            wait = pause if told is None else told
            if self.clock() + wait + _LEAST_SECONDS > deadline:
                raise AlertNotDeliveredError(
                    f"Slack did not take the message in time ({problem}); the queue brings it "
                    "again."
                )
            logger.warning("Slack asks to wait", extra={"problem": problem, "seconds": wait})
            self.sleep(wait)
            pause *= 2

    def _attempt(self, alert: Alert, deadline: float) -> tuple[str | None, float | None]:
        """Post once; return what went wrong for now, and the seconds that Slack asks to wait."""
        timeout = min(_TIMEOUT_SECONDS, deadline - self.clock())
        if timeout < _LEAST_SECONDS:
            return "no time was left", None
        try:
            response = self._pool.request(
                "POST",
                self.settings.webhook_url.get_secret_value(),
                body=orjson.dumps({"text": _text(alert)}),
                headers={"content-type": "application/json"},
                timeout=urllib3.Timeout(total=timeout),
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            # By its kind alone: its text may hold the webhook's address, which is a credential.
            return type(error).__name__, None
        if response.status == _OK:
            return None, None
        if response.status == _TOO_MANY_REQUESTS or response.status >= _SERVER_ERROR:
            return f"status {response.status}", _seconds(response.headers.get("Retry-After"))
        raise AlertNotDeliveredError(
            f"Slack refused the message with status {response.status}. Check `slack` in the secret "
            "with the alert channels: the webhook may have been withdrawn."
        )


def _text(alert: Alert) -> str:
    """Write the alert in Slack's markup, in which three characters have a meaning."""
    title, body = (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for text in (alert.title, alert.body)
    )
    return f"*{title}*\n{body}"


def _seconds(retry_after: str | None) -> float | None:
    """Read how long to wait; None where that is not said in whole seconds, as Slack says it."""
    return float(retry_after) if retry_after and retry_after.strip().isdecimal() else None
