"""The cross-sell protocol: one owned product of each held-out user is hidden and to be found."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.recommendation.ownership import Floats, Ownership
from mlops_platform.models.recommendation.boosted_products import BoostedProducts
from mlops_platform.models.recommendation.cross_sell import (
    CrossSellRecommender,
    best_shares,
    first_choice,
)
from mlops_platform.models.recommendation.ease import Ease
from mlops_platform.training.search import N_PARALLEL_FITS

# Shares of the users for validation and test; the others are learnt from.
_HELD_OUT: Final = (0.2, 0.2)
EASE_GRID: Final = (1.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
# Both boosted models, the content source's and ours, are tuned over the same grid.
BOOSTING_GRID: Final = {"max_depth": (3, 5), "n_estimators": (40, 100, 250)}


@dataclass(frozen=True)
class Asked:
    """Users with one owned product hidden.

    Parameters
    ----------
    columns : of shape (n_users, n_columns)
    shown : of shape (n_users, n_products)
        Owned products without the hidden one.
    hidden : of shape (n_users,)
        Its number.
    """

    columns: Floats
    shown: Floats
    hidden: NDArray[np.int64]

    @classmethod
    def hide_one(cls, users: Ownership, random: np.random.Generator) -> "Asked":
        """Hide one owned product of each user, each as likely."""
        draw = np.where(users.owned > 0, random.random(users.owned.shape), -1.0)
        hidden = draw.argmax(axis=1)
        shown = users.owned.copy()
        shown[np.arange(len(shown)), hidden] = 0.0
        return cls(users.columns, shown, hidden)

    def accuracy(self, scores: Floats) -> float:
        """Return the share of users whose best product not shown is the hidden one."""
        return float(np.mean(first_choice(scores, self.shown) == self.hidden))


def measure(users: Ownership, random_state: int = 0) -> dict[str, Any]:
    """Tune on the validation users, fit again with them, and measure once on the test users."""
    random = np.random.default_rng(random_state)
    order = random.permutation(len(users.owned))
    ends = np.cumsum([round(share * len(order)) for share in _HELD_OUT])
    test_rows, validation_rows, train_rows = np.split(order, ends)
    train, both = _rows(users, train_rows), _rows(users, order[ends[0] :])
    validation = Asked.hide_one(_rows(users, validation_rows), random)
    test = Asked.hide_one(_rows(users, test_rows), random)
    chosen = _tuned(train, validation, random_state)
    fitted = CrossSellRecommender(**chosen).fit(both.columns, both.owned)
    parts = fitted.part_scores(test.columns, test.shown)
    scores = {
        "ours": fitted.scores(test.columns, test.shown),
        "popularity": np.tile(both.owned.sum(axis=0), (len(test.hidden), 1)),
        "ease": parts["ease"],
        "content": parts["content"],
    }
    return {**_reported(test, scores), "hyperparameters": chosen, "n_test_users": len(test.hidden)}


def _reported(test: Asked, scores: dict[str, Floats]) -> dict[str, Any]:
    accuracies = {name: test.accuracy(one) for name, one in scores.items()}
    popularity = accuracies["popularity"]
    results: dict[str, Any] = {}
    for name, accuracy in accuracies.items():
        lift = accuracy / popularity if popularity else None
        print(f"{name:11} accuracy@1 {accuracy:.3f}  lift over popularity {lift}", flush=True)
        results[name] = {"accuracy_1": accuracy, "lift_over_popularity": lift}
    return {**results["ours"], **results}


def _tuned(train: Ownership, validation: Asked, random_state: int) -> dict[str, Any]:
    """Return the hyperparameters of a `CrossSellRecommender`, each source tuned by itself."""
    ease_l2 = max(EASE_GRID, key=lambda l2: validation.accuracy(_ease(train, l2, validation)))

    def tried(job: tuple[bool, dict[str, int]]) -> Floats:
        use_owned, point = job
        model = BoostedProducts(
            use_owned=use_owned, ease_l2=ease_l2, random_state=random_state, **point
        )
        return model.fit(train.columns, train.owned).scores(validation.columns, validation.shown)

    points = list(_points())
    jobs = list(itertools.product((True, False), points))
    with ThreadPoolExecutor(N_PARALLEL_FITS) as executor:
        scores = list(executor.map(tried, jobs))
    boosted, content = (
        max(range(len(points)), key=lambda n: validation.accuracy(half[n]))
        for half in (scores[: len(points)], scores[len(points) :])
    )
    parts = {
        "boosted": scores[boosted],
        "content": scores[len(points) + content],
        "ease": _ease(train, ease_l2, validation),
    }
    return {
        "shares": best_shares(parts, validation.shown, validation.hidden),
        "boosted": points[boosted],
        "content": points[content],
        "ease_l2": ease_l2,
        "random_state": random_state,
    }


def _ease(train: Ownership, l2: float, asked: Asked) -> Floats:
    return Ease(l2=l2).fit(sparse.csr_matrix(train.owned)).scores(sparse.csr_matrix(asked.shown))


def _points() -> Iterator[dict[str, int]]:
    for values in itertools.product(*BOOSTING_GRID.values()):
        yield dict(zip(BOOSTING_GRID, values, strict=True))


def _rows(users: Ownership, rows: NDArray[np.int64]) -> Ownership:
    return Ownership(users.columns[rows], users.owned[rows])
