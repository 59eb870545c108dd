"""Many histories as rows of recency weights: what `history.Recency` gives each of them."""

import numpy as np
from scipy import sparse

from mlops_platform.models.recommendation.history import Recency


def weighed(places: sparse.csr_matrix, recency: Recency) -> sparse.csr_matrix:
    """Return histories of places, of shape (n_users, n_items), as recency weights.

    Examples
    --------
    >>> weighed(sparse.csr_matrix([[1.0, 2.0, 0.0]]), Recency(0.0)).toarray()
    array([[0.5, 0.5, 0. ]], dtype=float32)
    """
    weight = np.asarray(places.data, dtype=np.float64) ** -recency.power
    rows = sparse.csr_matrix((weight, places.indices, places.indptr), shape=places.shape)
    if recency.as_shares:
        total = np.asarray(rows.sum(axis=1)).ravel()
        shares = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        rows = sparse.diags(shares) @ rows
    return rows.tocsr().astype(np.float32)
