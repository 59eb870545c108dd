"""Make probabilities of scores: the one factor under which what happened is most likely."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse
from scipy.special import logsumexp

# Natural logs of the factors between which is searched.
_BOUNDS: Final = (-5.0, 5.0)


def fit_factor(
    scores: NDArray[np.float32], owned: sparse.csr_matrix, item: NDArray[np.int64]
) -> float:
    """Return the factor on scores that maximises the likelihood of what was chosen.

    The probabilities are the softmax over what is not owned; the factor is one over the
    temperature of [1]_.

    Parameters
    ----------
    scores, owned : of shape (n, n_items)
        Scores by a model that was not fitted on these choices, and what was owned.
    item : of shape (n,)
        What was chosen.

    References
    ----------
    .. [1] Guo et al. 2017, "On calibration of modern neural networks", section 4.2.

    Examples
    --------
    Odds of 3 to 1 are e to the power of 1.1:

    >>> scores, item = np.tile(np.float32([1.0, 0.0]), (4, 1)), np.array([0, 0, 0, 1])
    >>> round(fit_factor(scores, sparse.csr_matrix((4, 2)), item), 2)
    1.1
    """
    open_scores = scores.astype(np.float64)
    open_scores[owned.nonzero()] = -np.inf
    chosen = open_scores[np.arange(len(item)), item]

    def loss(log_factor: float) -> float:
        factor = np.exp(log_factor)
        likelihood = factor * chosen - logsumexp(factor * open_scores, axis=1)
        return -float(likelihood.mean())

    return float(np.exp(optimize.minimize_scalar(loss, bounds=_BOUNDS, method="bounded").x))
