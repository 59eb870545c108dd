from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from mlops_platform.models.recommendation.implicit_als import ImplicitAls
from mlops_platform.models.recommendation.parts import fit_factors
from tests.unit.models.recommendation.small_histories import matrix, places


def loss(model: ImplicitAls, x: NDArray[np.float64]) -> float:
    """Compute Hu, Koren and Volinsky's eq. 3 with the best users for the items' factors."""
    users, items = model.user_factors(matrix(x)), model.item_factors_
    errors = (1 + model.alpha * x) * ((x > 0) - users @ items.T) ** 2
    return float(errors.sum() + model.l2 * ((users**2).sum() + (items**2).sum()))


def test_more_iterations_lower_the_loss() -> None:
    x = places(60).toarray().astype(float)
    losses = [
        loss(ImplicitAls(3, l2=0.5, alpha=2.0, n_iterations=n).fit(matrix(x)), x)
        for n in (1, 2, 4, 8)
    ]
    assert all(later < earlier for earlier, later in pairwise(losses))


@pytest.mark.parametrize("n_factors", [2, 8], ids=["factors solved", "entries solved"])
def test_a_users_factors_are_the_exact_weighted_ridge_solution(n_factors: int) -> None:
    x = places(60).toarray().astype(float)
    model = ImplicitAls(n_factors, l2=0.7, alpha=3.0, n_iterations=2).fit(matrix(x))
    items = model.item_factors_
    for user in range(10):
        confidence = np.diag(1 + 3.0 * x[user])
        system = items.T @ confidence @ items + 0.7 * np.eye(n_factors)
        exact = np.linalg.solve(system, items.T @ confidence @ (x[user] > 0))
        solved = model.user_factors(matrix(x[user : user + 1]))[0]
        np.testing.assert_allclose(solved, exact, rtol=1e-6, atol=1e-9)


def test_two_tastes_are_told_apart() -> None:
    model = ImplicitAls(2, l2=0.5).fit(matrix(places(200).toarray() > 0))
    scores = model.scores(matrix([[1] + [0] * 11]))[0]
    assert scores[1:6].min() > scores[6:].max()


def test_the_same_seed_gives_the_same_factors() -> None:
    one, same, other = (
        ImplicitAls(3, random_state=seed).fit(places(40)).item_factors_ for seed in (1, 1, 2)
    )
    assert (one == same).all()
    assert (one != other).any()


def test_linear_folding_in_ranks_as_the_exact_one_where_one_interaction_adds_little() -> None:
    histories = places(300)
    linear = fit_factors(histories, n_factors=2, l2=1.0, random_state=0)
    one_item = matrix(np.eye(12))
    exact = ImplicitAls(2, l2=1.0).fit(matrix(histories.toarray() > 0)).scores(one_item)
    np.fill_diagonal(exact, 0.0)
    assert np.corrcoef(linear.applied_to(one_item).ravel(), exact.ravel())[0, 1] > 0.99


def test_a_user_without_a_history_has_no_factors() -> None:
    model = ImplicitAls(3).fit(places(40))
    assert not model.user_factors(matrix(np.zeros((1, 12)))).any()
