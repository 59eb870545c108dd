import numpy as np
import pytest
from numpy.typing import NDArray

from mlops_platform.models.recommendation.ease import Ease
from tests.unit.models.recommendation.small_histories import matrix


def ridge_without_itself(x: NDArray[np.float64], l2: float) -> NDArray[np.float64]:
    """Solve each item's ridge regression on all the others: the constraint leaves itself out."""
    n_items = x.shape[1]
    weights = np.zeros((n_items, n_items))
    for item in range(n_items):
        others = np.delete(np.arange(n_items), item)
        system = x[:, others].T @ x[:, others] + l2 * np.eye(n_items - 1)
        weights[others, item] = np.linalg.solve(system, x[:, others].T @ x[:, item])
    return weights


@pytest.mark.parametrize("n_users", [40, 7], ids=["by items", "by users"])
def test_each_column_is_the_ridge_regression_on_the_other_items(n_users: int) -> None:
    random = np.random.default_rng(0)
    x = (random.random((n_users, 12)) < 0.3) * random.choice([1.0, 2.0], (n_users, 12))
    weights = Ease(l2=3.0).fit(matrix(x)).weights_.dense()
    np.testing.assert_allclose(weights, ridge_without_itself(x, 3.0), atol=1e-6)


def test_side_information_is_more_rows() -> None:
    random = np.random.default_rng(1)
    x = (random.random((30, 8)) < 0.3).astype(float)
    side = (random.random((3, 8)) < 0.5).astype(float)
    weights = Ease(l2=2.0, side_weight=1.5).fit(matrix(x), matrix(side)).weights_.dense()
    expected = ridge_without_itself(np.vstack([x, 1.5 * side]), 2.0)
    np.testing.assert_allclose(weights, expected, atol=1e-6)


@pytest.mark.parametrize("n_users", [40, 7], ids=["by items", "by users"])
def test_scores_of_new_histories_are_their_product_with_the_weights(n_users: int) -> None:
    random = np.random.default_rng(2)
    model = Ease(l2=1.0).fit(matrix(random.random((n_users, 12)) < 0.3))
    history = (random.random((5, 12)) < 0.3) * random.random((5, 12))
    expected = history @ model.weights_.dense()
    np.testing.assert_allclose(model.scores(matrix(history)), expected, atol=1e-5)


def test_a_user_without_a_history_gets_zeros() -> None:
    model = Ease(l2=1.0).fit(matrix(np.eye(4)))
    assert not model.scores(matrix(np.zeros((1, 4)))).any()
