"""How the benchmarks tell durations: quantiles, and the server's own account of its time."""

import re
import statistics
from collections.abc import Sequence

_DURATION = re.compile(r"(\w+);dur=([\d.]+)")


def quantiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return the median, the 95th and the 99th percentile of at least two durations."""
    cuts = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return {"p50": round(cuts[49], 3), "p95": round(cuts[94], 3), "p99": round(cuts[98], 3)}


def server_timing(header: str) -> dict[str, float]:
    """Read a ``Server-Timing`` header, e.g. ``compute;dur=1.25, lookup;dur=3``: ms by name."""
    return {name: float(value) for name, value in _DURATION.findall(header)}
