import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from sklearn.metrics import ndcg_score

from mlops_platform.training.ranking_metrics import RankedHits, top_items


def floats(values: list[list[float]]) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def rows(values: list[list[float]]) -> sparse.csr_matrix:
    return sparse.csr_matrix(floats(values))


def test_metrics_by_hand() -> None:
    # One user is found twice at places 1 and 3 of two items, one never, of one item.
    hits = RankedHits(np.array([[True, False, True], [False, False, False]]), np.array([2, 1]))
    assert (hits.hit_rate(1), hits.hit_rate(3)) == (0.5, 0.5)
    assert hits.recall(3) == 0.5
    gained, ideal = 1 + 1 / 2, 1 + 1 / np.log2(3)
    assert hits.ndcg(3) == pytest.approx(gained / ideal / 2)


def test_recall_divides_by_the_smaller_of_k_and_the_relevant_items() -> None:
    hits = RankedHits(np.ones((1, 2), dtype=bool), np.array([10]))
    assert hits.recall(2) == 1.0
    assert RankedHits(np.ones((1, 2), dtype=bool), np.array([2])).recall(20) == 1.0


def test_ndcg_is_scikit_learns() -> None:
    random = np.random.default_rng(0)
    scores = random.random((40, 30)).astype(np.float32)
    relevant = (random.random((40, 30)) < 0.3).astype(np.float32)
    relevant[:, 0] = 1.0
    found = top_items(scores, rows([[0.0] * 30] * 40), 10)
    hits = RankedHits.from_top_items(found, sparse.csr_matrix(relevant))
    assert hits.ndcg(10) == pytest.approx(ndcg_score(relevant, scores, k=10), abs=1e-6)


def test_hits_are_the_relevant_items_in_the_order_of_the_list() -> None:
    relevant = rows([[0, 1, 0, 1], [1, 0, 0, 0]])
    hits = RankedHits.from_top_items(np.array([[3, 0, 1], [1, 2, 3]]), relevant)
    assert hits.hits.tolist() == [[True, False, True], [False, False, False]]
    assert hits.n_relevant.tolist() == [2, 1]


def test_seen_items_are_not_offered() -> None:
    found = top_items(floats([[4, 3, 2, 1]]), rows([[1, 0, 1, 0]]), 2)
    assert found.tolist() == [[1, 3]]


def test_the_longest_list_is_ordered_as_a_sort_orders_it() -> None:
    scores = np.random.default_rng(1).random((5, 50)).astype(np.float32)
    found = top_items(scores, sparse.csr_matrix((5, 50), dtype=np.float32), 50)
    assert (found == np.argsort(-scores, axis=1)).all()


def test_a_catalogue_shorter_than_the_list_is_ranked_whole_with_seen_items_last() -> None:
    assert top_items(floats([[1, 3, 2]]), rows([[0, 1, 0]]), 20).tolist() == [[2, 0, 1]]
