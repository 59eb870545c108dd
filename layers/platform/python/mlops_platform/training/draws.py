"""Metrics of many draws of the same rows at once, for resampling by blocks."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Takes how often each block was drawn, of shape (n_draws, n_blocks), and returns the metric of the
# rows of each draw, of shape (n_draws,); NaN where it is not defined.
OfDraws = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def accuracy_of_draws(
    truth: NDArray[Any], predicted: NDArray[Any], block: NDArray[np.int64]
) -> OfDraws:
    """Return the share of right rows as a function of draws.

    Parameters
    ----------
    truth, predicted : of shape (n,)
        Classes.
    block : of shape (n,)
        Numbers from 0 on, each of which occurs.
    """
    n_rows = np.bincount(block).astype(np.float64)
    n_right = np.bincount(block, weights=truth == predicted)
    return lambda drawn: np.asarray((drawn @ n_right) / (drawn @ n_rows))


def average_precision_of_draws(
    truth: NDArray[Any], score: NDArray[Any], block: NDArray[np.int64]
) -> OfDraws:
    """Return average precision as a function of draws.

    Precision counts at the scores of positives alone, so each block is summed up by how many of
    its rows reach each of these; a draw's counts are then a product of matrices.

    Parameters
    ----------
    truth : of shape (n,)
        Whether a row is positive.
    score, block : of shape (n,)
        Higher is more likely positive; numbers from 0 on, each of which occurs.

    References
    ----------
    .. [1] The definition of ``sklearn.metrics.average_precision_score``, sum of
       (R_k - R_(k-1)) P_k.
    """
    positive = truth.astype(bool)
    thresholds = np.unique(score[positive])
    shape = (len(thresholds) + 1, int(block.max()) + 1)
    n_reached = np.searchsorted(thresholds, score, side="right")
    cell = np.ravel_multi_index((n_reached, block), shape)

    def reaching(rows: NDArray[np.bool_] | slice) -> NDArray[np.float64]:
        """Count the rows that reach each threshold, of shape (n_blocks, n_thresholds)."""
        of_cell = np.bincount(cell[rows], minlength=shape[0] * shape[1]).reshape(shape)
        return np.cumsum(of_cell[:0:-1], axis=0)[::-1].T.astype(np.float64)

    flagged, caught = reaching(slice(None)), reaching(positive)

    def of_draws(drawn: NDArray[np.float64]) -> NDArray[np.float64]:
        n_flagged, n_caught = drawn @ flagged, drawn @ caught
        newly_caught = -np.diff(n_caught, axis=1, append=0.0)
        # Nothing is caught where nothing is flagged.
        precision = n_caught / np.maximum(n_flagged, 1.0)
        n_positive = n_caught[:, :1].sum(axis=1)
        total = (newly_caught * precision).sum(axis=1)
        precisions = np.full(len(drawn), np.nan)
        np.divide(total, n_positive, out=precisions, where=n_positive > 0)
        return precisions

    return of_draws
