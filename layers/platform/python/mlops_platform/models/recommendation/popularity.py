"""Recommend what most people have: the baseline beside which every other number stands."""

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


class Popularity:
    """Score every item by the weight of its interactions, the same for every user.

    Attributes
    ----------
    popularity_ : ndarray of shape (n_items,)
        Each item's share of all interactions.

    Examples
    --------
    >>> interactions = sparse.csr_matrix(np.array([[1.0, 1.0], [0.0, 1.0]]))
    >>> Popularity().fit(interactions).scores(interactions[:1]).round(2)
    array([[0.33, 0.67]], dtype=float32)
    """

    def fit(self, interactions: sparse.csr_matrix) -> Self:
        """Count the interactions, of shape (n_users, n_items)."""
        counts = np.asarray(interactions.sum(axis=0), dtype=np.float64).ravel()
        self.popularity_ = (counts / max(counts.sum(), 1.0)).astype(np.float32)
        return self

    def scores(self, history: sparse.csr_matrix) -> NDArray[np.float32]:
        """Return scores of shape (n_users, n_items), whatever the histories hold."""
        return np.tile(self.popularity_, (history.shape[0], 1))
