"""From which score on a transaction is worth a person's look."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

# What one look costs, its share of annoyed customers included, in the currency of the amounts.
REVIEW_COST: Final = 5.0

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]


def cost(called: NDArray[np.bool_], is_fraud: Int64s, amount: Float64s) -> float:
    """Return what calling some transactions fraud costs: the looks, and the frauds that pass.

    All columns are of shape (n,); the unit is the amounts' own. The formula is that of Bahnsen et
    al. 2014, "Example-dependent cost-sensitive logistic regression".
    """
    return float(REVIEW_COST * called.sum() + amount[(is_fraud == 1) & ~called].sum())


def savings(called: NDArray[np.bool_], is_fraud: Int64s, amount: Float64s) -> float:
    """Return which share of the frauds' amounts is saved, looks paid; 0 is what doing nothing is.

    Below 0 the looks cost more than they save.
    """
    return 1.0 - cost(called, is_fraud, amount) / float(amount[is_fraud == 1].sum())


def cheapest_threshold(score: NDArray[np.float32], is_fraud: Int64s, amount: Float64s) -> float:
    """Return the threshold, a score that occurs, at which `cost` is least; ties to the highest.

    Examples
    --------
    >>> score, is_fraud = np.float32([.75, .5, .25]), np.int64([1, 0, 1])
    >>> cheapest_threshold(score, is_fraud, np.array([100.0, 20.0, 2.0]))
    0.75
    >>> cheapest_threshold(score, is_fraud, np.array([100.0, 20.0, 60.0]))
    0.25
    """
    order = np.argsort(-score, kind="stable")
    saved = np.cumsum(np.where(is_fraud == 1, amount, 0.0)[order])
    gain = saved - REVIEW_COST * np.arange(1, len(order) + 1)
    # Rows of one score are called together: only the last of them is a threshold.
    ordered = score[order]
    is_last = np.append(ordered[1:] != ordered[:-1], True)
    return float(ordered[np.argmax(np.where(is_last, gain, -np.inf))])
