"""One client beside the empty function, then several clients at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.serving.cloud.keep_alive import KeepAliveClient, RoundTrip
from benchmarks.serving.cloud.requests import transactions
from benchmarks.timings import quantiles

_OK = 200


class BenchmarkFailedError(Exception):
    """An answer was no prediction, so its time means nothing."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is measured, and the empty function beside it."""

    predict_url: str
    empty_url: str
    api_key: str


def measure_one_client(target: Target, n: int, warm_up: int, seed: int) -> dict[str, object]:
    """Alternate between predictions and the empty function, so that both meet the same noise.

    Returns
    -------
    dict
        Quantiles in milliseconds: `compute`, `lookup` and `routing` (the handler's own account),
        `http` (round trip) and `empty_function` (round trip); and the share of answers that had
        to do without their look-up.
    """
    predict = KeepAliveClient(target.predict_url, target.api_key)
    empty = KeepAliveClient(target.empty_url)
    features = transactions(seed)
    trips: list[RoundTrip] = []
    empty_ms: list[float] = []
    for _ in range(warm_up + n):
        trips.append(_checked(predict.post({"features": next(features)})))
        empty_ms.append(_checked(empty.post({})).seconds * 1e3)
    predict.close()
    empty.close()
    warm = trips[warm_up:]
    degraded = sum(b'"degraded"' in trip.body for trip in warm)
    return {
        **{
            name: quantiles([trip.timing_ms[name] for trip in warm])
            for name in ("compute", "lookup", "routing")
        },
        "http": quantiles([trip.seconds * 1e3 for trip in warm]),
        "empty_function": quantiles(empty_ms[warm_up:]),
        "degraded_share": degraded / n,
    }


def measure_clients(
    target: Target, n_clients: int, n_each: int, warm_up: int, seed: int
) -> dict[str, float]:
    """Let several clients ask at once; return requests per second and quantiles in ms."""

    def ask(number: int, n: int) -> list[float]:
        client = KeepAliveClient(target.predict_url, target.api_key)
        features = transactions(seed + 1 + number)
        trips = [_checked(client.post({"features": next(features)})) for _ in range(n)]
        client.close()
        return [trip.seconds * 1e3 for trip in trips]

    with ThreadPoolExecutor(n_clients) as clients:
        # Each client's execution environment starts before the clock does.
        list(clients.map(ask, range(n_clients, 2 * n_clients), [warm_up] * n_clients))
        started = time.perf_counter()
        runs = list(clients.map(ask, range(n_clients), [n_each] * n_clients))
        elapsed = time.perf_counter() - started
    times = [milliseconds for run in runs for milliseconds in run]
    return {
        "clients": n_clients,
        "requests_per_second": round(len(times) / elapsed, 1),
        **quantiles(times),
    }


def _checked(trip: RoundTrip) -> RoundTrip:
    if trip.status != _OK:
        raise BenchmarkFailedError(f"{trip.status}: {trip.body[:500].decode(errors='replace')}")
    return trip
