"""Predictions over HTTP: some one by one by a client that times them, the rest in batches."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from benchmarks.timings import quantiles, server_timing
from mlops_platform.sdk.api_client import Answer, ApiClient

# One read of DynamoDB holds the features of all: those of more may come too late on a busy machine,
# and the model would answer without them.
BATCH_SIZE: Final = 50
_SHOWN_CHARACTERS: Final = 500

Requests = Sequence[dict[str, Any]]
OnAnswer = Callable[[], object]


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
        Those that were not answered with a prediction.
    versions
        How many predictions each model version gave.
    http
        Round trips of single predictions as their client saw them, without the first: it may meet
        an authorizer that has yet to start.
    compute, lookup
        The handler's own share of these and that of its feature look-up, from ``Server-Timing``.
    """

    requests: int = 0
    errors: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    http: list[float] = field(default_factory=list)
    compute: list[float] = field(default_factory=list)
    lookup: list[float] = field(default_factory=list)

    def time(self, answer: Answer, milliseconds: float) -> None:
        """Note the round trip of a single prediction."""
        if self.requests == 1:
            return
        shares = server_timing(answer.headers["server-timing"])
        self.http.append(milliseconds)
        self.compute.append(shares["compute"])
        self.lookup.append(shares["lookup"])

    def count(self, answer: Answer, n: int) -> list[dict[str, Any]]:
        """Count an answer to `n` predictions; return them.

        Raises
        ------
        PredictionsFailedError
            They were not made.
        """
        self.requests += n
        failed = n if answer.status != HTTPStatus.OK else answer.body.get("n_failed", 0)
        if failed:
            self.errors += failed
            shown = json.dumps(answer.body)[:_SHOWN_CHARACTERS]
            raise PredictionsFailedError(
                f"Prediction {self.requests} was answered {answer.status}: {shown}. "
                "The predict function's log says why."
            )
        predictions: list[dict[str, Any]] = answer.body.get("predictions", [answer.body])
        for prediction in predictions:
            version = prediction["model_version"]
            self.versions[version] = self.versions.get(version, 0) + 1
        return predictions

    def to_dict(self) -> dict[str, Any]:
        """Return counts, and quantiles in milliseconds, as JSON's own types."""
        return {
            "requests": self.requests,
            "errors": self.errors,
            "versions": self.versions,
            "compute_ms": quantiles(self.compute),
            "lookup_ms": quantiles(self.lookup),
            "http_ms": quantiles(self.http),
        }


def send_singly(
    api: ApiClient,
    model: str,
    requests: Requests,
    timings: Timings,
    on_answer: OnAnswer = lambda: None,
) -> list[dict[str, Any]]:
    """Ask for one prediction after the other, timing each; return them.

    Raises
    ------
    PredictionsFailedError
        A request was answered otherwise; the message shows the answer.
    """
    predictions = []
    for features in requests:
        started = time.perf_counter()
        answer = api.request("POST", f"/ml/{model}/predict", {"features": features})
        milliseconds = (time.perf_counter() - started) * 1000
        predictions += timings.count(answer, 1)
        timings.time(answer, milliseconds)
        on_answer()
    return predictions


def send_in_batches(
    api: ApiClient,
    model: str,
    requests: Requests,
    timings: Timings,
    on_answer: OnAnswer = lambda: None,
) -> list[dict[str, Any]]:
    """Ask for predictions batch by batch, in order; return them.

    Raises
    ------
    PredictionsFailedError
        As for `send_singly`.
    """
    predictions = []
    for start in range(0, len(requests), BATCH_SIZE):
        batch = requests[start : start + BATCH_SIZE]
        answer = api.request("POST", f"/ml/{model}/batch_predict", {"instances": batch})
        predictions += timings.count(answer, len(batch))
        for _ in batch:
            on_answer()
    return predictions
