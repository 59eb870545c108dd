"""Card precision at k: of the cards that investigators look at each day, how many were misused."""

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]


def card_precision(
    score: NDArray[np.float32], is_fraud: Int64s, card: Int64s, day: Int64s, k: int = 100
) -> float:
    """Return the mean over days of the share of compromised cards among the day's k.

    Each day the k cards with the highest maximal score are investigated, and those found to be
    compromised are not offered again. A day with fewer cards still divides by k.

    Parameters
    ----------
    score, is_fraud, card, day : of shape (n,)
        One entry for each transaction, in any order.
    k
        Cards investigated each day.

    References
    ----------
    .. [1] Le Borgne et al. 2022, "Reproducible Machine Learning for Credit Card Fraud Detection",
       chapter 4, "Precision top-k metrics".

    Examples
    --------
    >>> zeros = np.zeros(3, dtype=np.int64)
    >>> card_precision(np.float32([.9, .8, .1]), np.int64([0, 1, 0]), np.int64([1, 2, 3]), zeros, 2)
    0.5
    """
    caught = np.zeros(0, dtype=np.int64)
    shares = []
    for today in np.unique(day):
        rows = (day == today) & ~np.isin(card, caught)
        cards, slot = np.unique(card[rows], return_inverse=True)
        highest = np.full(len(cards), -np.inf)
        np.maximum.at(highest, slot, score[rows])
        compromised = np.zeros(len(cards), dtype=bool)
        np.logical_or.at(compromised, slot, is_fraud[rows] == 1)
        top = np.argsort(-highest, kind="stable")[:k]
        found = cards[top][compromised[top]]
        shares.append(len(found) / k)
        caught = np.concatenate([caught, found])
    return float(np.mean(shares)) if shares else 0.0
