"""People who are told: a mail server and a Slack webhook of the demo's own."""

import json
import time
from collections.abc import Iterator
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

    def wait_for(self, incident_id: str) -> None:
        """Return when every channel has told of an incident.

        Raises
        ------
        RuntimeError
            A channel did not in time.
        """
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while silent := [name for name, at in self._arrivals(incident_id).items() if not at]:
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"{incident_id} was not told by {' and '.join(silent)} within "
                    f"{_TIMEOUT_SECONDS:.0f} s; the log of send_alert says why."
                )
            time.sleep(_POLL_SECONDS)

    def deliveries(self, incident_id: str, since: float) -> list[dict[str, Any]]:
        """Return how often each channel has told of an incident, and when first.

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
        """
        return [
            {"channel": name, "delivered": len(at), "seconds": round(min(at) - since, 3)}
            for name, at in self._arrivals(incident_id).items()
        ]

    def _arrivals(self, incident_id: str) -> dict[str, list[float]]:
        """Return the moments at which each channel told of an incident."""
        told = {
            "email": (self.mail.arrivals, [each.get_content() for each in self.mail.messages]),
            "slack": (self.slack.arrivals, self.slack.texts),
        }
        return {
            name: [at for at, text in zip(*each, strict=False) if incident_id in text]
            for name, each in told.items()
        }


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
