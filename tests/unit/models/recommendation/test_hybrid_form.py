import numpy as np
import pytest

from mlops_platform.models.recommendation.hybrid import HybridRecommender
from mlops_platform.models.recommendation.hybrid_form import linear_form
from tests.unit.models.recommendation.small_histories import matrix, places

FEATURES = matrix(np.random.default_rng(3).random((30, 4)) < 0.5)
HISTORIES = places(300, n_items=30)
NOBODY = np.zeros((300, 0), dtype=np.int64)


@pytest.fixture(scope="module")
def model() -> HybridRecommender:
    return HybridRecommender(n_factors=4, ease_l2=5.0).fit(HISTORIES, FEATURES)


def test_the_dense_form_scores_as_the_model_does(model: HybridRecommender) -> None:
    form = linear_form(model)
    assert form.left is None
    np.testing.assert_allclose(form.scores(HISTORIES, NOBODY), model.scores(HISTORIES), atol=2e-5)


def test_factors_of_full_rank_score_as_the_model_does(model: HybridRecommender) -> None:
    form = linear_form(model, max_dense_items=10, n_factors=30)
    np.testing.assert_allclose(form.scores(HISTORIES, NOBODY), model.scores(HISTORIES), atol=2e-4)


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
