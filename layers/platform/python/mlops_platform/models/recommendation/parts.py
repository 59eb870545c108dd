"""The item-item models that the hybrid blends, each fitted from the same histories."""

from typing import Final

import numpy as np
from scipy import linalg, sparse
from sklearn.preprocessing import normalize

from mlops_platform.models.recommendation.ease import Ease
from mlops_platform.models.recommendation.implicit_als import ImplicitAls
from mlops_platform.models.recommendation.item_weights import ItemWeights
from mlops_platform.models.recommendation.sequence_knn import SequenceKnn

PARTS: Final = ("ease", "sequence", "factors", "content")


def fit_ease(places: sparse.csr_matrix, l2: float) -> ItemWeights:
    """Fit EASE^R on who has what, whenever it came."""
    return Ease(l2=l2).fit(taken(places)).weights_


def fit_sequence(places: sparse.csr_matrix, half_life: float, shrinkage: float) -> ItemWeights:
    """Fit what follows what."""
    model = SequenceKnn(half_life=half_life, shrinkage=shrinkage).fit(places)
    return ItemWeights(None, model.weights_)


def fit_factors(
    places: sparse.csr_matrix, n_factors: int, l2: float, random_state: int
) -> ItemWeights:
    """Fit implicit ALS and write its fold-in as item-item weights.

    A user's factors are nearly linear in a history whose confidences are small beside the whole
    catalogue's: (Y'Y + l2 I)^-1 times the sum of the items' factors.
    """
    als = ImplicitAls(n_factors=n_factors, l2=l2, random_state=random_state).fit(taken(places))
    factors = als.item_factors_
    system = factors.T @ factors + l2 * np.eye(factors.shape[1])
    left = linalg.solve(system, factors.T, assume_a="pos").T
    return ItemWeights(left.astype(np.float32), factors.T.astype(np.float32))


def fit_content(item_features: sparse.csr_matrix) -> ItemWeights:
    """Return the cosine of items' properties as weights, from rows of shape (n_items, n_tags)."""
    unit = normalize(item_features).astype(np.float32)
    return ItemWeights(unit, unit.T.toarray())


def taken(places: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return 1 where a history has an item."""
    return sparse.csr_matrix(
        (np.ones(places.nnz, dtype=np.float32), places.indices, places.indptr), shape=places.shape
    )
