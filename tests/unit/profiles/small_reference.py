"""Two inputs and a score over three days, and records as serving writes them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlops_platform.profiles.reference import ReferenceProfile

NAMES = ("amount", "user_n_1h")
N_ROWS = 300
# 2025-01-06.
FIRST_DAY = 20_094


def rows_and_scores(seed: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    random = np.random.default_rng(seed)
    amount = random.lognormal(3.0, 1.0, N_ROWS)
    amount[random.random(N_ROWS) < 0.1] = np.nan
    rows = np.stack([amount, random.poisson(1.0, N_ROWS)], axis=1).astype(np.float32)
    return rows, random.random(N_ROWS).astype(np.float32)


def small_reference(seed: int = 0) -> ReferenceProfile:
    rows, scores = rows_and_scores(seed)
    day = FIRST_DAY + np.arange(N_ROWS, dtype=np.int64) % 3
    return ReferenceProfile.learn(NAMES, rows, scores, day, score_name="risk")


def record(inputs: list[float | None], score: float, **more: Any) -> dict[str, Any]:
    return {"inputs": inputs, "output": {"risk": score}, "compute_ms": 1.0, "degraded": []} | more
