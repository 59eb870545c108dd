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

    Returns
    -------
    dict
        ``metric``, ``difference``, ``standard_error``, ``n_blocks``. Where a part that leaves one
        block out is without fraud, it has no average precision and there is no standard error:
        ``n_blocks`` is then 0, and so is ``standard_error``. The other parts must not stand in:
        they all hold the one block that matters, so they would differ by far too little.

    References
    ----------
    .. [1] Efron and Stein 1981, "The jackknife estimate of variance", eq. 1.4.
    """
    difference = _difference(candidate, champion, is_fraud)
    parts = [block != one for one in np.unique(block)]
    if not all(is_fraud[part].any() for part in parts):
        return _summary(difference, standard_error=0.0, n_blocks=0)
    left_out = [_difference(candidate[part], champion[part], is_fraud[part]) for part in parts]
    deviations = np.array(left_out) - np.mean(left_out)
    n_blocks = len(parts)
    variance = (n_blocks - 1) / n_blocks * float(np.sum(deviations**2))
    return _summary(difference, standard_error=float(np.sqrt(variance)), n_blocks=n_blocks)


def _summary(difference: float, *, standard_error: float, n_blocks: int) -> dict[str, Any]:
    return {
        "metric": "average_precision",
        "difference": difference,
        "standard_error": standard_error,
        "n_blocks": n_blocks,
    }


def _difference(
    candidate: NDArray[np.float32], champion: NDArray[np.float32], is_fraud: Int64s
) -> float:
    return float(
        average_precision_score(is_fraud, candidate) - average_precision_score(is_fraud, champion)
    )
