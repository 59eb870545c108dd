"""Item neighbourhoods: an item is as good as it is similar to what the user has."""

from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

# Columns whose similarities are dense at one time: 1,000 of 10,000 items take 40 MB.
_BLOCK: Final = 1_000


class ItemKnn:
    r"""Sum of an item's similarities to the items of the history, over its nearest neighbours.

    The similarity of items i and j over the columns x of the interactions is
    :math:`x_i \cdot x_j / (|x_i| |x_j| + s)`, the shrunk cosine of [1]_.

    Parameters
    ----------
    n_neighbours
        Items, other than itself, of which each item's score is made up.
    shrinkage
        s, in interactions: pairs that few users share count for little.

    Attributes
    ----------
    weights_ : csr_matrix of shape (n_items, n_items)
        Entry (h, j) is what having h adds to the score of j.

    References
    ----------
    .. [1] Ferrari Dacrema et al. 2021, "A troubling analysis of reproducibility and progress in
       recommender systems research", section 3.1.

    Examples
    --------
    >>> interactions = sparse.csr_matrix(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]))
    >>> history = sparse.csr_matrix(np.array([[1.0, 0.0, 0.0]]))
    >>> ItemKnn(n_neighbours=2, shrinkage=0.0).fit(interactions).scores(history).round(2)
    array([[0.  , 1.  , 0.71]], dtype=float32)
    """

    def __init__(self, n_neighbours: int = 20, shrinkage: float = 20.0) -> None:
        self.n_neighbours = n_neighbours
        self.shrinkage = shrinkage

    def fit(self, interactions: sparse.csr_matrix) -> Self:
        """Find each item's neighbours in interactions of shape (n_users, n_items)."""
        columns = sparse.csc_matrix(interactions, dtype=np.float32)
        rows = columns.T.tocsr()
        norm = np.sqrt(np.asarray(columns.multiply(columns).sum(axis=0)).ravel())
        blocks = [
            self._nearest(rows, columns, norm, start)
            for start in range(0, columns.shape[1], _BLOCK)
        ]
        self.weights_ = sparse.hstack(blocks, format="csr")
        return self

    def scores(self, history: sparse.csr_matrix) -> NDArray[np.float32]:
        """Return scores of shape (n_users, n_items)."""
        return np.asarray((history @ self.weights_).toarray(), dtype=np.float32)

    def _nearest(
        self,
        rows: sparse.csr_matrix,
        columns: sparse.csc_matrix,
        norm: NDArray[np.float32],
        start: int,
    ) -> sparse.csc_matrix:
        """Return the weights towards the items from `start` on, of shape (n_items, a block)."""
        shared = (rows @ columns[:, start : start + _BLOCK]).toarray()
        width = np.arange(shared.shape[1])
        shared[start + width, width] = 0.0
        lengths = np.outer(norm, norm[start : start + _BLOCK]) + self.shrinkage
        similarity = np.divide(shared, lengths, out=np.zeros_like(shared), where=lengths > 0)
        n_kept = min(self.n_neighbours, len(norm))
        kept = np.argpartition(-similarity, n_kept - 1, axis=0)[:n_kept]
        values = np.take_along_axis(similarity, kept, axis=0)
        block = sparse.coo_matrix(
            (values.ravel(), (kept.ravel(), np.tile(width, n_kept))), shape=shared.shape
        ).tocsc()
        block.eliminate_zeros()
        return block
