"""The local cloud's own controls: its clock, its schedules and its subscriptions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import urllib3

TIMEOUT_SECONDS = 120.0
_ERROR = 400


@dataclass(frozen=True)
class Admin:
    """A client of the admin address in ``cloud.json``.

    Parameters
    ----------
    url
        E.g. ``http://127.0.0.1:4000``.
    """

    url: str

    def fire_schedule(self, rule: str, moment: datetime) -> None:
        """Fire the schedules whose rule name contains `rule`, as if `moment` were their time."""
        self._post("/schedules/fire", {"rule": rule, "at": moment.isoformat()})

    def set_clock(self, now: datetime) -> None:
        """Move the clock by which schedules fire by themselves."""
        self._post("/clock", {"now": now.isoformat()})

    def set_subscription_faults(self, faults: Mapping[str, float]) -> None:
        """Let the log subscriptions misbehave from now on."""
        self._post("/subscription-faults", dict(faults))

    def drain_subscriptions(self) -> None:
        """Wait until every log line written so far has been delivered."""
        self._post("/subscriptions/drain", {})

    def _post(self, path: str, body: dict[str, Any]) -> None:
        answer = urllib3.request(
            "POST",
            f"{self.url}{path}",
            body=json.dumps(body),
            headers={"content-type": "application/json"},
            timeout=TIMEOUT_SECONDS,
        )
        if answer.status >= _ERROR:
            raise RuntimeError(f"The local cloud refused {path}: {answer.data.decode()}")
