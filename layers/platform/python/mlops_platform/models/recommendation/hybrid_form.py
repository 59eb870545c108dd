"""Item-item models as the linear form that is served, small enough for large catalogues."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

from mlops_platform.models.recommendation.cold_items import lend
from mlops_platform.models.recommendation.history import Recency
from mlops_platform.models.recommendation.hybrid import HybridRecommender
from mlops_platform.models.recommendation.linear_form import LinearForm

# 3,000 items' weights are 36 MB; more are exported as factors.
MAX_DENSE_ITEMS: Final = 3_000
# 10,000 items then take 20 MB.
N_FACTORS: Final = 256


def linear_form(
    model: HybridRecommender,
    n_values: int = 0,
    *,
    max_dense_items: int = MAX_DENSE_ITEMS,
    n_factors: int = N_FACTORS,
) -> LinearForm:
    """Return a fitted hybrid's weights, truncated to factors where the catalogue is large.

    Parameters
    ----------
    model
        Fitted.
    n_values
        How many values customers' columns have; the hybrid makes nothing of them.
    max_dense_items, n_factors
        As for `compact_weights`.
    """
    n_items = len(model.popularity_)
    weights = np.zeros((n_items, n_items), dtype=np.float32)
    for name, part in model.parts_.items():
        weights += np.float32(model.scales_[name]) * part.dense()
    left, right = compact_weights(
        lend(weights, model.borrowing_),
        model.n_users_,
        max_dense_items=max_dense_items,
        n_factors=n_factors,
    )
    return LinearForm(
        left=left,
        right=right,
        by_column=np.zeros((n_values, n_items), dtype=np.float32),
        bias=lend(model.popularity_[None].copy(), model.borrowing_)[0],
        recency=Recency(model.power),
    )


def compact_weights(
    weights: NDArray[np.float32],
    n_users: NDArray[np.float32],
    *,
    max_dense_items: int = MAX_DENSE_ITEMS,
    n_factors: int = N_FACTORS,
) -> tuple[NDArray[np.float32] | None, NDArray[np.float32]]:
    """Return item-item weights as `LinearForm`'s left and right, the left None if they are whole.

    Parameters
    ----------
    weights : of shape (n_items, n_items)
        W.
    n_users : of shape (n_items,)
        How many users have each item.
    max_dense_items
        Catalogues of more items get the approximation of rank `n_factors` that is best where it
        matters: the error of W[h, j] is weighed by the users who have h and those who have j.
    n_factors
        Rank.
    """
    if len(weights) <= max_dense_items:
        return None, weights
    return _factors(weights, np.sqrt(n_users + 1.0), n_factors)


def _factors(
    weights: NDArray[np.float32], importance: NDArray[np.float32], n_factors: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the truncated singular value decomposition of importance * weights * importance.

    The importance, of shape (n_items,), is divided out of the factors again. Two power iterations
    are enough: the singular values fall off quickly, and each costs seconds with 10,000 items.
    """
    weighed = importance[:, None] * weights * importance
    left, values, right = randomized_svd(
        weighed, min(n_factors, len(weights)), n_iter=2, random_state=0
    )
    unweighed = (left * values) / importance[:, None]
    return unweighed.astype(np.float32), (right / importance).astype(np.float32)
