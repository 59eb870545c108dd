"""People who are told: a mail server and a Slack webhook of the demo's own."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.demo.alert_sinks import MailSink, SlackSink, running
from mlops_platform.aws.clients import client
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.discovery import discover

_TIMEOUT_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.02


@dataclass(frozen=True)
class Inboxes:
    """Where alerts arrive."""

    mail: MailSink
    slack: SlackSink

    def wait_for(self, incident_id: str, since: float) -> list[dict[str, Any]]:
        """Return when and how an incident was told.

        Parameters
        ----------
        incident_id
            Which one; every alert names its incident.
        since
            `time.monotonic` of the moment from which seconds are counted.

        Returns
        -------
        list of dict
            ``channel``, ``delivered`` (how often) and ``seconds`` until the first.

        Raises
        ------
        RuntimeError
            A channel was not told in time.
        """
        read: dict[str, tuple[list[float], Callable[[], list[str]]]] = {
            "email": (
                self.mail.arrivals,
                lambda: [str(message.get_content()) for message in self.mail.messages],
            ),
            "slack": (self.slack.arrivals, lambda: list(self.slack.texts)),
        }
        return [
            _told(channel, arrivals, texts, incident_id, since)
            for channel, (arrivals, texts) in read.items()
        ]


@contextmanager
def inboxes(config: MLOpsConfig) -> Iterator[Inboxes]:
    """Have the platform's alerts sent here for the time of the block."""
    with running(MailSink()) as mail, running(SlackSink()) as slack:
        email = {
            "host": "127.0.0.1",
            "port": mail.port,
            "starttls": False,
            "sender": "mlops@selfmonitor.example",
            "recipients": ["oncall@selfmonitor.example"],
        }
        channels = {"email": email, "slack": {"webhook_url": slack.url}}
        client("secretsmanager").put_secret_value(
            SecretId=discover(config, "alert_channels_arn"),
            SecretString=json.dumps({"channels": channels}),
        )
        yield Inboxes(mail, slack)


def _told(
    channel: str,
    arrivals: list[float],
    texts: Callable[[], list[str]],
    incident_id: str,
    since: float,
) -> dict[str, Any]:
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        moments = [at for at, text in zip(arrivals, texts(), strict=False) if incident_id in text]
        if moments:
            seconds = round(moments[0] - since, 3)
            return {"channel": channel, "delivered": len(moments), "seconds": seconds}
        time.sleep(_POLL_SECONDS)
    raise RuntimeError(
        f"{incident_id} was not told by {channel} within {_TIMEOUT_SECONDS:.0f} s; the log of "
        "send_alert says why."
    )
