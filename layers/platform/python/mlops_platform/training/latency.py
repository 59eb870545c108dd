"""How long one row takes, as a serving function would feel it."""

import time
from collections.abc import Callable
from typing import Final

import numpy as np

N_WARM_UP: Final = 20
N_CALLS: Final = 300


def latency_ms_p95(call: Callable[[], object]) -> float:
    """Return the 95th percentile of a call's wall time, in milliseconds, after warming up."""
    for _ in range(N_WARM_UP):
        call()
    seconds = []
    for _ in range(N_CALLS):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return float(np.quantile(seconds, 0.95)) * 1000.0
