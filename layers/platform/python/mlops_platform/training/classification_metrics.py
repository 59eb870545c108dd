"""How good predicted classes and their confidences are."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score

N_BINS: Final = 15
Labels = NDArray[Any]


def quality(truth: Labels, predicted: Labels) -> dict[str, float]:
    """Return accuracy and macro-F1, the latter over the classes that are true or predicted."""
    return {
        "accuracy": float(accuracy_score(truth, predicted)),
        "macro_f1": float(f1_score(truth, predicted, average="macro", zero_division=0.0)),
    }


def accuracy_at_coverage(
    confidence: NDArray[np.float32], right: NDArray[np.bool_], coverage: float
) -> float:
    """Return the accuracy on this share of rows, the most confident ones; ties by position.

    Examples
    --------
    >>> accuracy_at_coverage(np.float32([.9, .5, .8, .7, .6]), np.array([1, 0, 1, 1, 0]) > 0, .8)
    0.75
    """
    n_answered = max(int(np.ceil(coverage * len(confidence))), 1)
    order = np.argsort(-confidence, kind="stable")
    return float(right[order[:n_answered]].mean())


def expected_calibration_error(confidence: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """Return the mean distance of confidence and accuracy over `N_BINS` bins of equal width.

    References
    ----------
    .. [1] Naeini et al. 2015, "Obtaining well calibrated probabilities using Bayesian binning".

    Examples
    --------
    >>> expected_calibration_error(np.float32([.75, .75, .75, .75]), np.array([1, 1, 1, 0]) > 0)
    0.0
    """
    bins = np.minimum((confidence * N_BINS).astype(np.int64), N_BINS - 1)
    gaps = np.bincount(bins, confidence.astype(np.float64) - right, minlength=N_BINS)
    return float(np.abs(gaps).sum() / len(confidence))
