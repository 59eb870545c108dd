"""The choice model against the generator that its choices come from, and against counting."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, sparse

from mlops_platform.models.recommendation.column_lifts import ColumnLifts
from mlops_platform.models.recommendation.conditional_logit import ConditionalLogit, _flags, _Loss
from mlops_platform.models.recommendation.temperature import fit_factor
from tests.unit.models.recommendation.small_histories import matrix

N_ITEMS, N_VALUES = 5, 3
Int64s = NDArray[np.int64]
Float64s = NDArray[np.float64]


def choices(n: int, seed: int = 0) -> tuple[sparse.csr_matrix, Int64s, Int64s, Float64s]:
    """Draw choices from log-odds that are known: owned rows, columns, chosen items, odds."""
    random = np.random.default_rng(seed)
    weights = random.normal(0, 1.5, (N_ITEMS, N_ITEMS))
    by_column = random.normal(0, 1, (N_VALUES, N_ITEMS))
    bias = random.normal(0, 1, N_ITEMS)
    owned = (random.random((n, N_ITEMS)) < 0.3).astype(np.float32)
    owned[np.arange(n), random.integers(0, N_ITEMS, n)] = 0
    columns = random.integers(0, N_VALUES + 1, (n, 1))
    flags = np.vstack([by_column, np.zeros(N_ITEMS)])[columns[:, 0]]
    utility = owned @ weights + flags + bias
    utility[owned > 0] = -np.inf
    item = (utility + random.gumbel(size=utility.shape)).argmax(axis=1)
    return matrix(owned), columns, item, utility


def log_likelihood(utility: Float64s, item: Int64s) -> float:
    shifted = np.exp(utility - utility.max(axis=1, keepdims=True))
    share = shifted / shifted.sum(axis=1, keepdims=True)
    return float(np.log(share[np.arange(len(item)), item]).mean())


def test_it_comes_close_to_the_odds_that_choices_are_drawn_from() -> None:
    owned, columns, item, _ = choices(6_000)
    model = ConditionalLogit(l2=0.5).fit(owned, columns, item, N_VALUES)
    unseen, their_columns, chosen, truth = choices(4_000)
    rows = np.vstack([model.by_column_, np.zeros((1, N_ITEMS))])[their_columns[:, 0]]
    utility = unseen @ model.weights_ + rows + model.bias_
    utility[unseen.nonzero()] = -np.inf

    # 45 parameters cost about 45 / (2 * 6,000) nats a choice.
    lost = log_likelihood(truth, chosen) - log_likelihood(utility, chosen)
    assert lost < 0.01


def test_its_gradient_is_that_of_its_loss() -> None:
    owned, columns, item, _ = choices(40)
    rows = np.hstack([owned.toarray(), _flags(columns, N_VALUES).toarray(), np.ones((40, 1))])
    loss = _Loss(matrix(rows).astype(np.float64), owned, item, l2=0.7)
    at = np.random.default_rng(1).normal(size=rows.shape[1] * N_ITEMS)

    numeric = optimize.approx_fprime(at, lambda flat: loss(flat)[0], 1e-6)

    np.testing.assert_allclose(loss(at)[1], numeric, atol=1e-3)


def test_without_columns_and_histories_it_learns_the_shares() -> None:
    item = np.repeat([0, 1, 2], [600, 300, 100])
    nobody, nothing = np.zeros((1_000, 0), dtype=np.int64), matrix(np.zeros((1_000, 3)))

    odds = np.exp(ConditionalLogit(l2=1e-6).fit(nothing, nobody, item, 0).bias_)

    np.testing.assert_allclose(odds / odds.sum(), [0.6, 0.3, 0.1], atol=1e-3)


def test_a_value_that_nobody_has_lifts_nothing_and_a_frequent_one_by_its_share() -> None:
    columns, item = np.repeat([0, 2], 5_000)[:, None], np.repeat([0, 1, 0, 1], 2_500)
    item[:5_000] = np.repeat([0, 1], [4_000, 1_000])

    lifts = ColumnLifts(shrinkage=1.0).fit(columns, item, n_values=2, n_items=2)

    assert np.exp(lifts.by_column_[0]) == pytest.approx([0.8 / 0.65, 0.2 / 0.35], rel=0.01)
    assert lifts.by_column_[1] == pytest.approx([0, 0], abs=1e-6)
    assert np.exp(lifts.log_share_) == pytest.approx([0.65, 0.35], abs=1e-3)


def test_scores_of_any_scale_become_the_probabilities_that_choices_have() -> None:
    owned, _, item, truth = choices(20_000, seed=4)
    scores = np.where(np.isfinite(truth), truth * 2.5, 0.0).astype(np.float32)

    assert fit_factor(scores, owned, item) == pytest.approx(0.4, rel=0.05)
