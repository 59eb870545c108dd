"""The algorithms that may be chosen, each as the linear form in which it would be served."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

import numpy as np

from mlops_platform.config.models import model_named
from mlops_platform.models.recommendation.column_lifts import ColumnLifts
from mlops_platform.models.recommendation.conditional_logit import ConditionalLogit
from mlops_platform.models.recommendation.fit_rows import FitRows
from mlops_platform.models.recommendation.history import Recency
from mlops_platform.models.recommendation.hybrid import HybridRecommender
from mlops_platform.models.recommendation.hybrid_form import compact_weights, linear_form
from mlops_platform.models.recommendation.item_knn import ItemKnn
from mlops_platform.models.recommendation.linear_form import LinearForm
from mlops_platform.models.recommendation.parts import taken
from mlops_platform.training.search import Grid

T = TypeVar("T")

POPULARITY: Final = "popularity"
CONDITIONAL_LOGIT: Final = "conditional_logit"
# Its weights are learnt together: with more items there are more of them than take-ups.
MAX_LOGIT_ITEMS: Final = 200
# Utilities that one of its iterations computes; the newest choices are learnt from.
MAX_LOGIT_CELLS: Final = 5_000_000
# Popularity orders what a neighbourhood knows nothing of, and no more.
_TIE_BREAK: Final = 1.0e-3

GRIDS: Final[dict[str, dict[str, Grid]]] = {
    "quick": {
        POPULARITY: {},
        "columns": {"shrinkage": [50.0]},
        "item_knn": {"n_neighbours": [20], "shrinkage": [20.0]},
        "ease": {"l2": [100.0]},
        "als": {"n_factors": [8], "l2": [5.0]},
        "hybrid": {"n_factors": [8], "popularity": [0.2]},
        "hybrid_with_columns": {"n_factors": [8], "factor": [0.7], "shrinkage": [50.0]},
        CONDITIONAL_LOGIT: {"l2": [3.0]},
    },
    "default": {
        POPULARITY: {},
        "columns": {"shrinkage": [20.0, 50.0, 100.0]},
        "item_knn": {"n_neighbours": [10, 20], "shrinkage": [5.0, 20.0]},
        "ease": {"l2": [30.0, 100.0, 300.0]},
        "als": {"n_factors": [4, 8], "l2": [5.0]},
        "hybrid": {"n_factors": [8], "popularity": [0.1, 0.4], "power": [0.0, 0.5]},
        "hybrid_with_columns": {"n_factors": [8], "factor": [0.4, 0.7, 1.0], "shrinkage": [50.0]},
        CONDITIONAL_LOGIT: {"l2": [1.0, 3.0, 10.0]},
    },
}


# What Optuna searches from the grid's best point on.
SPACES: Final = model_named("recommendation").search_space


def allowed(algorithms: Mapping[str, T], n_items: int) -> dict[str, T]:
    """Return what is said of algorithms for those that a catalogue of so many items allows."""
    large = n_items > MAX_LOGIT_ITEMS
    return {
        name: said for name, said in algorithms.items() if not (large and name == CONDITIONAL_LOGIT)
    }


def fit_candidate(
    algorithm: str, hyperparameters: Mapping[str, Any], rows: FitRows, random_state: int
) -> LinearForm:
    """Fit one algorithm of `GRIDS`."""
    return _FITS[algorithm](rows, random_state, **hyperparameters).centred()


def _fit_popularity(rows: FitRows, _: int) -> LinearForm:
    columns = _fit_columns(rows, 0)
    return replace(columns, by_column=np.zeros_like(columns.by_column))


def _fit_columns(rows: FitRows, _: int, shrinkage: float = 1.0) -> LinearForm:
    lifts = ColumnLifts(shrinkage).fit(rows.columns, rows.item, rows.n_values, rows.n_items)
    # One factor that is nothing: a whole matrix of zeros would be as large as any other.
    nothing = np.zeros((rows.n_items, 1), dtype=np.float32)
    return LinearForm(
        left=nothing,
        right=nothing.T,
        by_column=lifts.by_column_,
        bias=lifts.log_share_,
        recency=Recency(0.0),
    )


def _fit_item_knn(rows: FitRows, _: int, **hyperparameters: Any) -> LinearForm:
    interactions = taken(rows.places)
    weights = ItemKnn(**hyperparameters).fit(interactions).weights_.toarray()
    n_users = np.asarray(interactions.sum(axis=0), dtype=np.float32).ravel()
    left, right = compact_weights(weights, n_users)
    popular = _fit_popularity(rows, 0)
    return replace(popular, left=left, right=right, bias=np.float32(_TIE_BREAK) * popular.bias)


def _fit_ease(rows: FitRows, random_state: int, l2: float) -> LinearForm:
    return _fit_part(rows, random_state, ease=1.0, ease_l2=l2)


def _fit_als(rows: FitRows, random_state: int, n_factors: int, l2: float) -> LinearForm:
    return _fit_part(rows, random_state, factors=1.0, n_factors=n_factors, factors_l2=l2)


def _fit_part(rows: FitRows, random_state: int, **part: Any) -> LinearForm:
    """Fit a hybrid of one part alone."""
    others = dict.fromkeys(("ease", "sequence", "factors", "content", "power"), 0.0)
    return _fit_hybrid(rows, random_state, **{**others, "popularity": _TIE_BREAK, **part})


def _fit_hybrid(rows: FitRows, random_state: int, **hyperparameters: Any) -> LinearForm:
    model = HybridRecommender(**hyperparameters, random_state=random_state)
    return linear_form(model.fit(rows.places, rows.item_features), rows.n_values)


def _fit_hybrid_with_columns(
    rows: FitRows, random_state: int, n_factors: int, factor: float, shrinkage: float
) -> LinearForm:
    """Let the hybrid shift the log-odds that columns give."""
    hybrid = _fit_hybrid(rows, random_state, n_factors=n_factors, power=0.0)
    columns = _fit_columns(rows, random_state, shrinkage)
    return replace(
        hybrid,
        right=np.float32(factor) * hybrid.right,
        by_column=columns.by_column,
        bias=columns.bias,
    )


def _fit_conditional_logit(rows: FitRows, _: int, l2: float) -> LinearForm:
    newest = rows.newest_choices(MAX_LOGIT_CELLS // rows.n_items)
    model = ConditionalLogit(l2=l2).fit(newest.places, newest.columns, newest.item, rows.n_values)
    return LinearForm(
        left=None,
        right=model.weights_,
        by_column=model.by_column_,
        bias=model.bias_,
        recency=Recency(0.0, as_shares=False),
    )


_FITS: Final[dict[str, Callable[..., LinearForm]]] = {
    POPULARITY: _fit_popularity,
    "columns": _fit_columns,
    "item_knn": _fit_item_knn,
    "ease": _fit_ease,
    "als": _fit_als,
    "hybrid": _fit_hybrid,
    "hybrid_with_columns": _fit_hybrid_with_columns,
    CONDITIONAL_LOGIT: _fit_conditional_logit,
}
