import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_similarity

from mlops_platform.models.recommendation import item_knn
from mlops_platform.models.recommendation.item_knn import ItemKnn
from mlops_platform.models.recommendation.popularity import Popularity
from mlops_platform.models.recommendation.sequence_knn import SequenceKnn
from tests.unit.models.recommendation.small_histories import matrix, places


def test_without_shrinkage_and_limit_the_weights_are_scikit_learns_cosines() -> None:
    x = np.random.default_rng(0).random((30, 9)) * (np.random.default_rng(1).random((30, 9)) < 0.4)
    weights = ItemKnn(n_neighbours=9, shrinkage=0.0).fit(matrix(x)).weights_.toarray()
    expected = cosine_similarity(x.T)
    np.fill_diagonal(expected, 0.0)
    np.testing.assert_allclose(weights, expected, atol=1e-6)


def test_shrinkage_by_hand() -> None:
    # Items 0 and 1 share two of their users: 2 / (sqrt(2 * 3) + 4).
    x = matrix([[1, 1], [1, 1], [0, 1]])
    weights = ItemKnn(n_neighbours=1, shrinkage=4.0).fit(x).weights_.toarray()
    assert weights[0, 1] == pytest.approx(2 / (np.sqrt(6) + 4))


def test_a_score_is_made_up_of_the_nearest_neighbours_alone() -> None:
    x = (np.random.default_rng(2).random((50, 10)) < 0.4).astype(float)
    every = ItemKnn(n_neighbours=10, shrinkage=0.0).fit(matrix(x)).weights_.toarray()
    nearest = ItemKnn(n_neighbours=3, shrinkage=0.0).fit(matrix(x)).weights_.toarray()
    assert ((nearest > 0).sum(axis=0) == 3).all()
    np.testing.assert_allclose(np.sort(nearest, axis=0)[-3:], np.sort(every, axis=0)[-3:])


def test_blocks_of_items_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    histories = places(80)
    whole = ItemKnn(n_neighbours=3, shrinkage=1.0).fit(histories).weights_.toarray()
    monkeypatch.setattr(item_knn, "_BLOCK", 5)
    blocked = ItemKnn(n_neighbours=3, shrinkage=1.0).fit(histories).weights_.toarray()
    assert (whole == blocked).all()


def test_what_follows_counts_and_what_went_before_does_not() -> None:
    # Item 0 was taken three steps before item 1 by the only user: 2 ** (-3 / 2) / (1 + 1).
    weights = SequenceKnn(half_life=2.0, shrinkage=1.0).fit(matrix([[4, 1]])).weights_.toarray()
    assert weights[0, 1] == pytest.approx(2**-1.5 / 2)
    assert weights[1, 0] == 0.0


def test_items_of_equal_place_follow_each_other() -> None:
    weights = SequenceKnn(half_life=2.0, shrinkage=0.0).fit(matrix([[1, 1, 1]])).weights_
    assert (weights.toarray() == 1 - np.eye(3)).all()


def test_all_pairs_by_brute_force() -> None:
    histories = places(30)
    dense = histories.toarray()
    n_users = (dense > 0).sum(axis=0)
    expected = np.zeros((12, 12))
    for row in dense:
        for earlier in np.flatnonzero(row):
            for later in np.flatnonzero(row):
                if row[earlier] > row[later]:
                    expected[earlier, later] += 0.5 ** ((row[earlier] - row[later]) / 3.0)
    expected /= np.sqrt(np.outer(n_users, n_users)) + 2.0
    weights = SequenceKnn(half_life=3.0, shrinkage=2.0).fit(histories).weights_.toarray()
    np.testing.assert_allclose(weights, expected, rtol=1e-5)


def test_popularity_is_the_share_of_interactions_whatever_the_history() -> None:
    model = Popularity().fit(matrix([[1, 1], [0, 1], [0, 1]]))
    assert model.scores(matrix([[0, 0], [0, 1]])).tolist() == [[0.25, 0.75]] * 2
