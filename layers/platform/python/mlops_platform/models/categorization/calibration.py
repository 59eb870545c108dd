"""Scores to probabilities, and how sure is sure enough."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

Float64s = NDArray[np.float64]
# Ties a class's offset to 0 by this many rows' worth of log-likelihood, so that a class that is
# never seen in a fold does not run off.
OFFSET_PENALTY = 1.0


def fit_scaling(scores: Float64s, label: NDArray[np.int64]) -> tuple[float, Float64s]:
    """Return scale and offsets with which softmax(scale * scores + offsets) is most likely.

    Vector scaling with one common slope: the order of two classes' scores stays, up to their
    offsets, so that few rows of calibration are enough.

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
    n_rows, n_classes = scores.shape
    truth = np.zeros_like(scores)
    truth[np.arange(n_rows), label] = 1.0

    def loss(parameters: Float64s) -> tuple[float, Float64s]:
        slope, offsets = np.exp(parameters[0]), parameters[1:]
        logits = slope * scores + offsets
        excess = softmax(logits, axis=1) - truth
        gradient = np.empty_like(parameters)
        gradient[0] = slope * np.sum(excess * scores)
        gradient[1:] = excess.sum(axis=0) + OFFSET_PENALTY * offsets
        likelihood = np.sum(log_softmax(logits, axis=1) * truth)
        penalty = OFFSET_PENALTY / 2 * float(offsets @ offsets)
        return (penalty - float(likelihood)) / n_rows, gradient / n_rows

    found = minimize(loss, np.zeros(1 + n_classes), jac=True, method="L-BFGS-B")
    return float(np.exp(found.x[0])), found.x[1:]


def confidence_at_coverage(confidence: NDArray[np.floating], coverage: float) -> float:
    """Return the largest threshold that at least this share of the confidences reaches.

    Examples
    --------
    >>> confidence_at_coverage(np.array([.9, .2, .8, .7, .6]), 0.8)
    0.6
    """
    n_answered = int(np.ceil(coverage * len(confidence)))
    return float(np.sort(confidence)[::-1][max(n_answered, 1) - 1])
