"""Send predictions over HTTP: some by one client, timed, the rest by several at once."""

import json
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.timings import server_timing
from mlops_platform.sdk.api_client import Answer, ApiClient

OK = 200
# Times are those of one client that waits for each answer; several would time each other's turns.
N_TIMED: Final = 1_000
N_CLIENTS: Final = 4
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
        Round trips of the timed requests as their client saw them, the first excluded.
    compute, lookup
        The handler's own share of these and that of its feature look-up, from ``Server-Timing``.
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
        if self.requests > N_TIMED:
            return
        shares = server_timing(answer.headers["server-timing"])
        self.http.append(milliseconds)
        self.compute.append(shares["compute"])
        self.lookup.append(shares["lookup"])


def send(
    api: ApiClient,
    model: str,
    requests: Sequence[dict[str, Any]],
    timings: Timings,
    *,
    on_answer: Callable[[], object] = lambda: None,
) -> list[str]:
    """Ask `model` for one prediction per request; return each one's `prediction_id`.

    Parameters
    ----------
    api, model
        Whom to ask.
    requests
        Features.
    timings
        Counts what is seen. Its first `N_TIMED` requests are sent in order, the others at once.
    on_answer
        Called after each answer.

    Raises
    ------
    PredictionsFailedError
        A request was answered otherwise; the message counts them and shows the first.
    """
    answers: list[Answer] = []

    def ask(features: dict[str, Any]) -> tuple[Answer, float]:
        started = time.perf_counter()
        answer = api.request("POST", f"/ml/{model}/predict", {"features": features})
        return answer, (time.perf_counter() - started) * 1000

    def count(answer: Answer, milliseconds: float) -> None:
        timings.add(answer, milliseconds)
        answers.append(answer)
        on_answer()

    n_alone = max(0, N_TIMED - timings.requests)
    for features in requests[:n_alone]:
        count(*ask(features))
    with ThreadPoolExecutor(N_CLIENTS) as clients:
        for answered in clients.map(ask, requests[n_alone:]):
            count(*answered)
    _require_ok(answers)
    return [str(answer.body["prediction_id"]) for answer in answers]


def _require_ok(answers: Sequence[Answer]) -> None:
    failures = [answer for answer in answers if answer.status != OK]
    if failures:
        shown = json.dumps(failures[0].body)[:_SHOWN_CHARACTERS]
        raise PredictionsFailedError(
            f"{len(failures)} of {len(answers)} predictions failed; the first was answered "
            f"{failures[0].status}: {shown}. The predict function's log says why."
        )
