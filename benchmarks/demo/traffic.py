"""Send predictions over HTTP, one after the other, and time them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.timings import server_timing
from mlops_platform.sdk.api_client import ApiClient

OK = 200


@dataclass
class Timings:
    """What a run of traffic saw; all durations in milliseconds.

    Parameters
    ----------
    http
        Round trips as the client saw them, the cold start excluded.
    compute, lookup
        The handler's own share and that of its feature look-up, from ``Server-Timing``.
    cold_start
        The very first round trip: a new execution environment, its imports, its bundle.
    errors
        Answers other than 200.
    versions
        How many answers each model version gave.
    """

    http: list[float] = field(default_factory=list)
    compute: list[float] = field(default_factory=list)
    lookup: list[float] = field(default_factory=list)
    cold_start: float = 0.0
    errors: int = 0
    versions: dict[str, int] = field(default_factory=dict)


def send(
    api: ApiClient,
    model: str,
    requests: Sequence[dict[str, Any]],
    *,
    on_answer: Callable[[], None] = lambda: None,
) -> Timings:
    """Ask `model` for one prediction per request, in order."""
    timings = Timings()
    for position, features in enumerate(requests):
        started = time.perf_counter()
        answer = api.request("POST", f"/ml/{model}/predict", {"features": features})
        elapsed = (time.perf_counter() - started) * 1000
        on_answer()
        if answer.status != OK:
            timings.errors += 1
            continue
        if position == 0:
            timings.cold_start = elapsed
            continue
        shares = server_timing(answer.headers["server-timing"])
        timings.http.append(elapsed)
        timings.compute.append(shares["compute"])
        timings.lookup.append(shares["lookup"])
        version = answer.body["model_version"]
        timings.versions[version] = timings.versions.get(version, 0) + 1
    return timings
