"""What having one item adds to the score of another, as a matrix or as its factors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True)
class ItemWeights:
    """Item-item weights W = left @ right, or right alone.

    An item's weight towards itself may be anything: it adds only to items that the user has, and
    those are excluded from every answer.

    Parameters
    ----------
    left : csr_matrix or ndarray of shape (n_items, n_rows), or None
        None where `right` is W itself.
    right : csr_matrix or ndarray of shape (n_rows, n_items)
    """

    left: sparse.csr_matrix | NDArray[np.float32] | None
    right: sparse.csr_matrix | NDArray[np.float32]

    def applied_to(self, rows: sparse.csr_matrix | NDArray[np.float32]) -> NDArray[np.float32]:
        """Return rows @ W, of shape (n_rows, n_items)."""
        reduced = rows if self.left is None else rows @ self.left
        product = reduced @ self.right
        dense = product.toarray() if sparse.issparse(product) else product
        return np.asarray(dense, dtype=np.float32)

    def columns(self, items: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return W[:, items], of shape (n_items, n_chosen)."""
        chosen = self.right[:, items]
        product = chosen if self.left is None else self.left @ chosen
        dense = product.toarray() if sparse.issparse(product) else product
        return np.asarray(dense, dtype=np.float32)

    def dense(self) -> NDArray[np.float32]:
        """Return W with a zero diagonal, of shape (n_items, n_items)."""
        weights = self.columns(np.arange(self.right.shape[1])).copy()
        np.fill_diagonal(weights, 0.0)
        return weights
