"""The baselines, each tuned over its whole grid on validation recall@20."""

from collections.abc import Callable
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mlops_platform.models.recommendation.ease import Ease
from mlops_platform.models.recommendation.implicit_als import ImplicitAls
from mlops_platform.models.recommendation.item_knn import ItemKnn
from mlops_platform.models.recommendation.popularity import Popularity


class Scorer(Protocol):
    """What every fitted model does."""

    def scores(self, history: sparse.csr_matrix) -> NDArray[np.float32]:
        """Return scores of shape (n_users, n_items)."""
        ...


Model = Callable[..., Any]
BASELINES: Final[dict[str, tuple[Model, dict[str, tuple[float, ...]]]]] = {
    "popularity": (Popularity, {}),
    "item_knn": (ItemKnn, {"n_neighbours": (20, 50, 100, 200), "shrinkage": (0.0, 20.0, 100.0)}),
    "implicit_als": (
        ImplicitAls,
        {"n_factors": (32, 64), "l2": (1.0, 5.0, 20.0), "alpha": (1.0, 5.0)},
    ),
    "ease": (Ease, {"l2": (30.0, 100.0, 200.0, 300.0, 500.0, 1000.0, 2000.0)}),
}
