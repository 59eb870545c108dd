"""Send predictions over HTTP, one after the other, and time them."""

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.timings import server_timing
from mlops_platform.sdk.api_client import Answer, ApiClient

OK = 200
_SHOWN_CHARACTERS = 500


class PredictionsFailedError(Exception):
    """Not every request was answered with a prediction, so the times would flatter."""


@dataclass
class Timings:
    """What a run of traffic saw; all durations in milliseconds.

    Parameters
    ----------
    requests
        Predictions that were asked for, the first included.
    errors
        Answers other than 200.
    cold_start
        The very first round trip: a new execution environment, its imports, its bundle.
    versions
        How many predictions each model version gave.
    http
        Round trips as the client saw them, the first excluded.
    compute, lookup
        The handler's own share and that of its feature look-up, from ``Server-Timing``, the first
        excluded.
    """

    requests: int = 0
    errors: int = 0
    cold_start: float = math.nan
    versions: dict[str, int] = field(default_factory=dict)
    http: list[float] = field(default_factory=list)
    compute: list[float] = field(default_factory=list)
    lookup: list[float] = field(default_factory=list)

    def add(self, answer: Answer, milliseconds: float) -> None:
        """Count one answer and its round trip."""
        self.requests += 1
        if answer.status != OK:
            self.errors += 1
            return
        version = answer.body["model_version"]
        self.versions[version] = self.versions.get(version, 0) + 1
        if self.requests == 1:
            self.cold_start = milliseconds
            return
        shares = server_timing(answer.headers["server-timing"])
        self.http.append(milliseconds)
        self.compute.append(shares["compute"])
        self.lookup.append(shares["lookup"])


def send(
    api: ApiClient,
    model: str,
    requests: Sequence[dict[str, Any]],
    *,
    on_answer: Callable[[], None] = lambda: None,
) -> Timings:
    """Ask `model` for one prediction per request, in order.

    Raises
    ------
    PredictionsFailedError
        A request was answered otherwise; the message counts them and shows the first.
    """
    timings = Timings()
    failures: list[Answer] = []
    for features in requests:
        started = time.perf_counter()
        answer = api.request("POST", f"/ml/{model}/predict", {"features": features})
        timings.add(answer, (time.perf_counter() - started) * 1000)
        if answer.status != OK:
            failures.append(answer)
        on_answer()
    if failures:
        shown = json.dumps(failures[0].body)[:_SHOWN_CHARACTERS]
        raise PredictionsFailedError(
            f"{timings.errors} of {timings.requests} predictions failed; the first was answered "
            f"{failures[0].status}: {shown}. The predict function's log says why."
        )
    return timings
