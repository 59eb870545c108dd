"""Items that nobody has yet borrow the scores of items with alike properties."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.preprocessing import normalize

# Alike items whose scores are averaged: few enough to be alike, many enough to be calm.
_N_ALIKE: Final = 30
# Cold items that are compared with all others at one time.
_BLOCK: Final = 500


def borrowing(
    n_users: NDArray[np.float32], item_features: sparse.csr_matrix | None
) -> sparse.csr_matrix:
    """Return the matrix of shape (n_items, n_items) that turns raw scores into final ones.

    An item that somebody has keeps its score; one that nobody has gets the mean, weighed by
    the cosine of properties, of the most alike items that somebody has. Where nothing is alike,
    or no properties are known, its score is 0.

    Parameters
    ----------
    n_users : of shape (n_items,)
        How many users have each item.
    item_features : of shape (n_items, n_tags), or None

    Examples
    --------
    >>> features = sparse.csr_matrix(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]))
    >>> borrowing(np.array([3.0, 2.0, 0.0], dtype=np.float32), features).toarray()
    array([[1., 0., 1.],
           [0., 1., 0.],
           [0., 0., 0.]], dtype=float32)
    """
    known, cold = np.flatnonzero(n_users > 0), np.flatnonzero(n_users == 0)
    kept = sparse.diags((n_users > 0).astype(np.float32))
    if item_features is None or not len(cold) or not len(known):
        return kept.tocsr()
    unit = normalize(item_features)
    lent = [
        _shares(unit, known, cold[start : start + _BLOCK]) for start in range(0, len(cold), _BLOCK)
    ]
    share, lender, borrower = (np.concatenate(part) for part in zip(*lent, strict=True))
    loans = sparse.csr_matrix((share, (lender, borrower)), shape=kept.shape)
    return (kept + loans).tocsr().astype(np.float32)


def lend(raw: NDArray[np.float32], loans: sparse.csr_matrix) -> NDArray[np.float32]:
    """Return raw @ loans for raw scores of shape (n_users, n_items), which it may overwrite."""
    cold = np.flatnonzero(loans.diagonal() == 0)
    raw[:, cold] = (loans[:, cold].T @ raw.T).T
    return raw


def _shares(
    unit: sparse.csr_matrix, known: NDArray[np.int64], cold: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Return share, lender and borrower of some cold items' loans."""
    cosine = (unit[cold] @ unit[known].T).toarray()
    n_alike = min(_N_ALIKE, len(known))
    nearest = np.argsort(-cosine, axis=1, kind="stable")[:, :n_alike]
    weight = np.take_along_axis(cosine, nearest, axis=1)
    total = weight.sum(axis=1, keepdims=True)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    return share.ravel(), known[nearest].ravel(), np.repeat(cold, n_alike)
