from typing import Any

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from mlops_platform.models.recommendation.export import linear_form, to_onnx
from mlops_platform.models.recommendation.hybrid import HybridRecommender
from mlops_platform.models.recommendation.linear_form import NO_REASON, LinearForm
from mlops_platform.training.ranking_metrics import top_items
from tests.unit.models.recommendation.small_histories import matrix, places

FEATURES = matrix(np.random.default_rng(3).random((30, 4)) < 0.5)
HISTORIES = places(300, n_items=30)


@pytest.fixture(scope="module")
def model() -> HybridRecommender:
    return HybridRecommender(n_factors=4, ease_l2=5.0).fit(HISTORIES, FEATURES)


def answered(
    form: LinearForm, history: NDArray[np.float32], seen: NDArray[np.bool_], content: Any = None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(to_onnx(form, 5), providers=["CPUExecutionProvider"])
    none = np.zeros((1, history.shape[1]), dtype=np.float32)
    rows = {"history": history, "seen": seen, "content": none if content is None else content}
    items, scores = session.run(["items", "scores"], rows)
    return items, scores


def test_the_dense_form_scores_as_the_model_does(model: HybridRecommender) -> None:
    weighed = model.weighed(HISTORIES).toarray()
    form = linear_form(model)
    assert form.left is None
    np.testing.assert_allclose(form.scores(weighed), model.scores(HISTORIES), atol=2e-5)


def test_factors_of_full_rank_score_as_the_model_does(model: HybridRecommender) -> None:
    form = linear_form(model, max_dense_items=10, n_factors=30)
    weighed = model.weighed(HISTORIES).toarray()
    np.testing.assert_allclose(form.scores(weighed), model.scores(HISTORIES), atol=2e-4)


def test_factors_are_the_best_of_their_rank_where_users_are(model: HybridRecommender) -> None:
    whole = linear_form(model).right
    form = linear_form(model, max_dense_items=10, n_factors=6)
    importance = np.sqrt(model.n_users_ + 1)
    weighed = importance[:, None] * whole * importance
    # Eckart and Young: no matrix of rank 6 is nearer than the singular values that are left out.
    nearest = np.sqrt((np.linalg.svd(weighed, compute_uv=False)[6:] ** 2).sum())
    assert form.left is not None
    error = importance[:, None] * (form.left @ form.right - whole) * importance
    assert np.linalg.norm(error) == pytest.approx(nearest, rel=0.01)


@pytest.mark.parametrize("max_dense_items", [100, 10], ids=["dense", "factors"])
def test_the_graph_answers_as_its_weights_do(
    model: HybridRecommender, max_dense_items: int
) -> None:
    form = linear_form(model, max_dense_items=max_dense_items, n_factors=6)
    weighed = model.weighed(HISTORIES).toarray()
    items, scores = answered(form, weighed, HISTORIES.toarray() > 0)
    every = form.scores(weighed)
    expected = np.take_along_axis(every, top_items(every, HISTORIES, 5), axis=1)
    np.testing.assert_allclose(scores, expected, atol=2e-5)
    np.testing.assert_allclose(np.take_along_axis(every, items, axis=1), scores, atol=2e-5)


def test_seen_items_never_come(model: HybridRecommender) -> None:
    weighed, seen = model.weighed(HISTORIES).toarray(), HISTORIES.toarray() > 0
    items, _ = answered(linear_form(model), weighed, seen)
    assert not np.take_along_axis(seen, items, axis=1).any()


def test_content_scores_are_added(model: HybridRecommender) -> None:
    content = np.zeros((1, 30), dtype=np.float32)
    content[0, 17] = 100.0
    nothing = np.zeros((2, 30), dtype=np.float32)
    items, _ = answered(linear_form(model), nothing, nothing > 0, content)
    assert items[:, 0].tolist() == [17, 17]


def test_the_graph_is_the_same_for_the_same_seed(model: HybridRecommender) -> None:
    again = HybridRecommender(n_factors=4, ease_l2=5.0).fit(HISTORIES, FEATURES)
    for limit in (100, 10):
        one, other = (linear_form(each, limit, n_factors=6) for each in (model, again))
        assert to_onnx(one, 5) == to_onnx(other, 5)


@pytest.mark.parametrize("max_dense_items", [100, 10], ids=["dense", "factors"])
def test_contributions_and_popularity_add_up_to_the_score(
    model: HybridRecommender, max_dense_items: int
) -> None:
    form = linear_form(model, max_dense_items=max_dense_items, n_factors=6)
    row = model.weighed(HISTORIES)[0]
    every = np.arange(30)
    added = form.contributions(row.indices, row.data, every).sum(axis=0)
    np.testing.assert_allclose(added + form.bias, form.scores(row.toarray())[0], atol=1e-5)


def test_the_reason_is_the_item_without_which_the_score_falls_most(
    model: HybridRecommender,
) -> None:
    form = linear_form(model)
    row = model.weighed(HISTORIES)[0]
    items = np.setdiff1d(np.arange(30), row.indices)
    whole = form.scores(row.toarray())[0, items]
    losses = []
    for item in row.indices:
        without = row.toarray()
        without[0, item] = 0.0
        losses.append(whole - form.scores(without)[0, items])
    reasons = form.reasons(row.indices, row.data, items)
    expected = np.where(np.max(losses, axis=0) > 0, row.indices[np.argmax(losses, axis=0)], -1)
    assert (reasons == expected).mean() == 1.0


def test_a_user_without_a_history_gets_no_reason(model: HybridRecommender) -> None:
    nobody = np.zeros(0, dtype=np.int64)
    reasons = linear_form(model).reasons(nobody, np.zeros(0, dtype=np.float32), np.array([1, 2]))
    assert reasons.tolist() == [NO_REASON, NO_REASON]
