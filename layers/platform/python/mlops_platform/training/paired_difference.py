"""Two models on the same rows: how far apart their average precision is, and how sure that is."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

Int64s = NDArray[np.int64]
N_BLOCKS: Final = 20


def paired_difference(
    candidate: NDArray[np.float32],
    champion: NDArray[np.float32],
    is_fraud: Int64s,
    block: Int64s,
) -> dict[str, Any]:
    """Return candidate minus champion in average precision with its jackknife standard error.

    Parameters
    ----------
    candidate, champion : of shape (n,)
        Both models' scores.
    is_fraud : of shape (n,)
        The truth, 0 or 1.
    block : of shape (n,)
        Which block a row belongs to. All rows of a user share one, because a user's transactions
        are not independent.

    References
    ----------
    .. [1] Efron and Stein 1981, "The jackknife estimate of variance", eq. 1.4.
    """
    difference = _difference(candidate, champion, is_fraud)
    left_out = []
    for one in np.unique(block):
        rest = block != one
        # A part without fraud has no average precision.
        if is_fraud[rest].any():
            left_out.append(_difference(candidate[rest], champion[rest], is_fraud[rest]))
    deviations = np.array(left_out) - np.mean(left_out)
    n_blocks = len(left_out)
    variance = (n_blocks - 1) / n_blocks * float(np.sum(deviations**2))
    return {
        "metric": "average_precision",
        "difference": difference,
        "standard_error": float(np.sqrt(variance)),
        "n_blocks": n_blocks,
    }


def _difference(
    candidate: NDArray[np.float32], champion: NDArray[np.float32], is_fraud: Int64s
) -> float:
    return float(
        average_precision_score(is_fraud, candidate) - average_precision_score(is_fraud, champion)
    )
