"""The threshold is the cheapest there is."""

import numpy as np
import pytest

from mlops_platform.training.review_cost import REVIEW_COST, cheapest_threshold, cost, savings


@pytest.mark.parametrize("seed", range(5))
def test_no_other_threshold_is_cheaper(seed: int) -> None:
    draw = np.random.default_rng(seed)
    is_fraud = (draw.random(400) < 0.1).astype(np.int64)
    # Few different scores, so that many rows share one.
    score = np.round(np.clip(draw.normal(0.2 + 0.4 * is_fraud, 0.2), 0, 1), 1).astype(np.float32)
    amount = draw.gamma(2.0, 30.0, 400)

    threshold = np.float32(cheapest_threshold(score, is_fraud, amount))

    all_costs = [cost(score >= t, is_fraud, amount) for t in np.unique(score)]
    assert cost(score >= threshold, is_fraud, amount) == pytest.approx(min(all_costs))


def test_costs_and_savings_by_hand() -> None:
    is_fraud, amount = np.array([1, 1, 0, 0]), np.array([100.0, 50.0, 7.0, 8.0])
    called = np.array([True, False, True, False])

    assert cost(called, is_fraud, amount) == 2 * REVIEW_COST + 50.0
    assert savings(called, is_fraud, amount) == pytest.approx(1 - (2 * REVIEW_COST + 50.0) / 150.0)
    assert savings(np.zeros(4, bool), is_fraud, amount) == 0.0
