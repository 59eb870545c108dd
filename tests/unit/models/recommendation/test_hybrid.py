from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from mlops_platform.models.recommendation.history import recency_weights
from mlops_platform.models.recommendation.hybrid import HybridRecommender
from mlops_platform.models.recommendation.selection import GRID, HybridSearch
from mlops_platform.training.ranking_metrics import RankedHits, top_items
from tests.unit.models.recommendation.small_histories import matrix, places

# The last two items are nobody's; they are like the first and the second half of the others.
FEATURES = matrix([[1, 0]] * 6 + [[0, 1]] * 6 + [[1, 0], [0, 1]])


def histories(n_users: int, seed: int = 0) -> sparse.csr_matrix:
    known = places(n_users, seed)
    return sparse.csr_matrix((known.data, known.indices, known.indptr), shape=(n_users, 14))


def fitted(**hyperparameters: Any) -> HybridRecommender:
    return HybridRecommender(n_factors=2, ease_l2=5.0, **hyperparameters).fit(
        histories(300), FEATURES
    )


def test_a_user_without_a_history_gets_the_most_popular_items() -> None:
    scores = fitted().scores(matrix(np.zeros((1, 14))))[0, :12]
    n_users = np.bincount(histories(300).indices, minlength=14)[:12]
    assert (n_users[np.argsort(-scores)] == np.sort(n_users)[::-1]).all()


def test_an_item_that_nobody_has_is_offered_to_those_who_like_its_kind() -> None:
    scores = fitted().scores(matrix([[1] + [0] * 13, [0] * 11 + [1, 0, 0]]))
    assert scores[0, 12] > scores[0, 6:12].max()
    assert scores[1, 13] > scores[1, :6].max()


def test_its_score_is_the_mean_of_its_kinds() -> None:
    model = fitted()
    scores = model.scores(histories(20, seed=1))
    np.testing.assert_allclose(scores[:, 12], scores[:, :6].mean(axis=1), atol=1e-5)


def test_without_properties_a_new_item_scores_nothing() -> None:
    model = HybridRecommender(n_factors=2).fit(histories(300))
    assert not model.scores(histories(5))[:, 12:].any()


def test_training_weighs_histories_as_serving_does() -> None:
    rows = HybridRecommender(power=0.75).weighed(places(20))
    for row, original in zip(rows, places(20), strict=True):
        np.testing.assert_allclose(row.data, recency_weights(original.data, 0.75), rtol=1e-6)


def test_the_newest_item_counts_most() -> None:
    # One item of each half; the newer one draws the scores to its half.
    model = fitted(power=1.0)
    scores = model.scores(matrix([[1] + [0] * 5 + [4] + [0] * 7]))[0]
    assert scores[1:6].mean() > scores[7:12].mean()


def test_weights_of_zero_leave_parts_out() -> None:
    assert set(fitted(factors=0.0, content=0.0).parts_) == {"ease", "sequence"}


def test_the_same_seed_gives_the_same_scores() -> None:
    assert (fitted().scores(histories(9)) == fitted().scores(histories(9))).all()


@pytest.fixture
def search() -> HybridSearch:
    whole = histories(300)
    newest = whole.multiply(whole == 1).tocsr()
    before = whole.copy()
    before.data -= 1
    before.eliminate_zeros()
    return HybridSearch(before, newest, FEATURES)


def test_the_search_finds_recall_as_a_fitted_model_does(search: HybridSearch) -> None:
    point: dict[str, Any] = {"power": 0.75, "sequence": 2.0, "n_factors": 2}
    model = HybridRecommender(**point).fit(search.places, FEATURES)
    found = top_items(model.scores(search.places), search.places, 14)
    hits = RankedHits.from_top_items(found, search._relevant)
    assert search.recall(point) == pytest.approx(hits.recall(14))


def test_the_search_takes_what_is_best_on_validation(
    search: HybridSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recall(point: dict[str, float]) -> float:
        return 1.0 - abs(point.get("power", 0.5) - 1.0) - abs(point.get("ease_l2", 300.0) - 30.0)

    monkeypatch.setattr(search, "recall", recall)
    best = search.best()
    assert (best["power"], best["ease_l2"]) == (1.0, 30.0)
    assert set(best) == set(GRID)


def test_what_makes_no_difference_stays_at_its_default(
    search: HybridSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    same: Callable[[dict[str, float]], float] = lambda _: 0.5  # noqa: E731 (one value for all)
    monkeypatch.setattr(search, "recall", same)
    defaults = vars(HybridRecommender())
    assert search.best() == {name: defaults[name] for name in GRID}
