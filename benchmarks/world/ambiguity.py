"""How far a merchant's name alone settles a category."""

import numpy as np
from numpy.typing import NDArray


def ambiguity(merchant: NDArray[np.int64], category: NDArray[np.int64]) -> dict[str, float]:
    """Return how right the best rule by merchant is, in-sample, and how often it has a choice.

    Parameters
    ----------
    merchant, category
        Of each transaction, of shape (n,).
    """
    pairs, counts = np.unique(np.stack([merchant, category]), axis=1, return_counts=True)
    starts = np.flatnonzero(np.diff(pairs[0], prepend=pairs[0, 0] - 1))
    n_categories = np.diff(starts, append=len(counts))
    n_rows = np.add.reduceat(counts, starts)
    return {
        "merchant_rule_accuracy": float(np.maximum.reduceat(counts, starts).sum() / len(merchant)),
        "ambiguous_share": float(n_rows[n_categories > 1].sum() / len(merchant)),
    }
