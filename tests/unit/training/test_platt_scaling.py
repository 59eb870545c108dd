"""Scaled scores are probabilities, and rank as before."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import log_loss

from mlops_platform.training.platt_scaling import PlattScaling

Floats = NDArray[np.float32]


def sample(n: int, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    """Scores whose log-odds are twice those of the truth, and one too high; with answers."""
    draw = np.random.default_rng(seed)
    truth = draw.normal(-2.0, 1.5, n)
    positive = (draw.random(n) < 1 / (1 + np.exp(-truth))).astype(np.int64)
    return (1 / (1 + np.exp(-(2.0 * truth + 1.0)))).astype(np.float32), positive


def test_the_distortion_of_scores_is_found() -> None:
    scaling = PlattScaling.fit(*sample(200_000, seed=0))

    assert scaling.slope == pytest.approx(0.5, abs=0.02)
    assert scaling.intercept == pytest.approx(-0.5, abs=0.03)


def test_scaled_scores_fit_new_rows_better_and_keep_their_order() -> None:
    scaling = PlattScaling.fit(*sample(5_000, seed=1))
    score, positive = sample(5_000, seed=2)

    scaled = scaling.apply(score)

    assert log_loss(positive, scaled) < log_loss(positive, score)
    assert scaled.mean() == pytest.approx(positive.mean(), abs=0.02)
    assert (np.diff(scaled[np.argsort(score, kind="stable")]) >= 0).all()


def test_scores_that_rank_the_wrong_way_are_left_alone() -> None:
    score, positive = sample(5_000, seed=3)

    assert PlattScaling.fit(score, 1 - positive) == PlattScaling()


def test_certain_scores_stay_probabilities() -> None:
    scaled = PlattScaling(slope=3.0, intercept=1.0).apply(np.array([0.0, 1.0], np.float32))

    assert scaled.tolist() == pytest.approx([0.0, 1.0], abs=1e-6)
