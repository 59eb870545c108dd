"""What having one item adds to the score of another, as a matrix or as its factors."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True)
class ItemWeights:
    """Item-item weights W: left @ right, or right alone, with a zero diagonal.

    Parameters
    ----------
    left : csr_matrix or ndarray of shape (n_items, n_rows), or None
        None where `right` is W itself.
    right : csr_matrix or ndarray of shape (n_rows, n_items)

    Examples
    --------
    >>> ones = np.ones((2, 1), dtype=np.float32)
    >>> ItemWeights(ones, ones.T).applied_to(sparse.csr_matrix([[3.0, 0.0]]))
    array([[0., 3.]], dtype=float32)
    """

    left: sparse.csr_matrix | NDArray[np.float32] | None
    right: sparse.csr_matrix | NDArray[np.float32]

    @cached_property
    def diagonal(self) -> NDArray[np.float32]:
        """The diagonal of left @ right, which is not part of W; of shape (n_items,)."""
        if self.left is None:
            return np.asarray(self.right.diagonal(), dtype=np.float32)
        if isinstance(self.left, np.ndarray):
            return np.asarray(np.einsum("ir,ri->i", self.left, self.right), dtype=np.float32)
        product = self.left.multiply(self.right.T)
        return np.asarray(product.sum(axis=1), dtype=np.float32).ravel()

    def applied_to(self, history: sparse.csr_matrix) -> NDArray[np.float32]:
        """Return history @ W, of shape (n_users, n_items)."""
        reduced = history if self.left is None else history @ self.left
        scores = _dense(reduced @ self.right)
        users = np.repeat(np.arange(history.shape[0]), np.diff(history.indptr))
        scores[users, history.indices] -= history.data * self.diagonal[history.indices]
        return scores

    def dense(self) -> NDArray[np.float32]:
        """Return W, of shape (n_items, n_items)."""
        product = self.right if self.left is None else self.left @ self.right
        weights = _dense(product).copy()
        np.fill_diagonal(weights, 0.0)
        return weights


def _dense(matrix: Any) -> NDArray[np.float32]:
    return np.asarray(matrix.toarray() if sparse.issparse(matrix) else matrix, dtype=np.float32)
