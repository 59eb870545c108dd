"""How purchases spread over merchants."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

# The rank-frequency line of merchants seen once is a stair of the length of the table, not of
# their popularity.
MIN_COUNT: Final = 2


def popularity(merchant: NDArray[np.int64]) -> dict[str, float]:
    """Return how unequal merchants are, of each transaction's merchant, of shape (n,)."""
    counts = descending_counts(merchant)
    return {
        "zipf_slope": zipf_line(counts)[0],
        "top_10_share": float(counts[:10].sum() / counts.sum()),
        "top_100_share": float(counts[:100].sum() / counts.sum()),
        "seen_once_share": float((counts == 1).mean()),
    }


def descending_counts(merchant: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the transactions of each merchant that has any, the most popular first."""
    counts = np.unique(merchant, return_counts=True)[1]
    return np.sort(counts)[::-1]


def zipf_line(counts: NDArray[np.int64], min_count: int = MIN_COUNT) -> tuple[float, float]:
    """Fit a line to log count over log rank by least squares, every merchant weighing the same.

    Parameters
    ----------
    counts
        Transactions by merchant in descending order, of shape (n_merchants,).
    min_count
        Merchants with fewer transactions are left out.

    Returns
    -------
    tuple of float
        Slope and intercept, of natural logarithms.
    """
    fitted = counts[counts >= min_count]
    slope, intercept = np.polyfit(np.log(np.arange(1, len(fitted) + 1)), np.log(fitted), 1)
    return float(slope), float(intercept)


def new_merchant_share(merchant: NDArray[np.int64], month: NDArray[np.int64]) -> float:
    """Return the share of the last month's transactions at merchants without an earlier month."""
    last = month == month.max()
    return float(1 - np.isin(merchant[last], np.unique(merchant[~last])).mean())
