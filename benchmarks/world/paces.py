"""How often people buy, and how often where they have bought before."""

import numpy as np
from numpy.typing import NDArray


def paces(user: NDArray[np.int64], month: NDArray[np.int64]) -> dict[str, float]:
    """Return moments of transactions per active user-month.

    Parameters
    ----------
    user, month
        Whose each transaction is and in which month, of shape (n,); whole months only.
    """
    counts = month_counts(user, month)
    mean, ratio = float(counts.mean()), float(counts.var() / counts.mean())
    return {
        "per_month_mean": mean,
        "per_month_dispersion": ratio,
        # A Poisson count whose rate varies with a squared coefficient of variation c has a
        # variance over mean of 1 + c * mean: c compares people of different paces.
        "rate_cv2": (ratio - 1) / mean,
    }


def month_counts(user: NDArray[np.int64], month: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the transactions of each user and month with any."""
    counts: NDArray[np.int64] = np.unique(user * (1 << 32) + month, return_counts=True)[1]
    return counts


def repeat_share(user: NDArray[np.int64], merchant: NDArray[np.int64]) -> float:
    """Return the share of transactions that are not their user's first at the merchant."""
    return float(1 - len(np.unique(user * (1 << 32) + merchant)) / len(user))
