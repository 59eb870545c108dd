"""Scores to probabilities, and how sure is sure enough."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

Float64s = NDArray[np.float64]
# From nearly uniform probabilities to nearly certain ones, for scores of about -1 … 1.
LOG_SCALE_BOUNDS: Final = (-4.0, 4.0)


def fit_scale(scores: Float64s, label: NDArray[np.int64]) -> float:
    """Return the scale with which softmax(scale * scores) is most likely.

    A common factor leaves the order of the classes as it is. Offsets for each class would fit known
    merchants a little better, and cost new ones several points of accuracy.

    Parameters
    ----------
    scores
        Scores of rows that the scoring model has not learned from, of shape (n_rows, n_classes).
    label
        The true class of each, of shape (n_rows,).

    References
    ----------
    .. [1] Guo et al. 2017, "On calibration of modern neural networks", section 4.2.
    """

    def loss(log_scale: float) -> float:
        likelihood = log_softmax(np.exp(log_scale) * scores, axis=1)
        return -float(likelihood[np.arange(len(label)), label].mean())

    found = minimize_scalar(loss, bounds=LOG_SCALE_BOUNDS, method="bounded")
    return float(np.exp(found.x))


def confidence_at_coverage(confidence: NDArray[np.floating], coverage: float) -> float:
    """Return the largest threshold that at least this share of the confidences reaches.

    Examples
    --------
    >>> confidence_at_coverage(np.array([.9, .2, .8, .7, .6]), 0.8)
    0.6
    """
    n_answered = int(np.ceil(coverage * len(confidence)))
    return float(np.sort(confidence)[::-1][max(n_answered, 1) - 1])
