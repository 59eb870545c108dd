"""A paired interval is right about as often as it says, and exact where the metric is known."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import bootstrap
from sklearn.metrics import accuracy_score, average_precision_score

from mlops_platform.training.candidate_answers import CandidateAnswers
from mlops_platform.training.draws import accuracy_of_draws, average_precision_of_draws
from mlops_platform.training.paired_bootstrap import N_RESAMPLES, paired_interval
from mlops_platform.training.paired_difference import ACCURACY, AVERAGE_PRECISION
from mlops_platform.training.search import Candidate

N_BLOCKS = 12


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(5)


def draws(random: np.random.Generator, n_draws: int = 30) -> NDArray[np.float64]:
    return random.multinomial(N_BLOCKS, np.full(N_BLOCKS, 1 / N_BLOCKS), n_draws).astype(float)


def blocks(random: np.random.Generator, n_rows: int) -> NDArray[np.int64]:
    return random.permutation(np.arange(n_rows) % N_BLOCKS)


@pytest.mark.parametrize("decimals", [1, 9])
def test_average_precision_of_draws_is_that_of_weighted_rows(
    random: np.random.Generator, decimals: int
) -> None:
    # One decimal makes many ties.
    truth = random.random(400) < 0.1
    score = np.round(random.random(400) + 0.3 * truth, decimals).astype(np.float32)
    block, drawn = blocks(random, 400), draws(random)
    found = average_precision_of_draws(truth, score, block)(drawn)
    weighted = [
        average_precision_score(truth, score, sample_weight=times[block]) for times in drawn
    ]
    assert found == pytest.approx(weighted)


def test_accuracy_of_draws_is_that_of_weighted_rows(random: np.random.Generator) -> None:
    truth, predicted = random.integers(0, 3, (2, 400))
    block, drawn = blocks(random, 400), draws(random)
    found = accuracy_of_draws(truth, predicted, block)(drawn)
    weighted = [accuracy_score(truth, predicted, sample_weight=times[block]) for times in drawn]
    assert found == pytest.approx(weighted)


def test_with_a_block_to_each_row_it_is_the_bootstrap_of_mean_differences(
    random: np.random.Generator,
) -> None:
    right, other = random.random((2, 300)) < [[0.8], [0.7]]
    interval = paired_interval(
        right, other, np.ones(300, dtype=bool), np.arange(300), ACCURACY, random_state=3
    )
    reference = bootstrap(
        (right.astype(float) - other,),
        np.mean,
        n_resamples=N_RESAMPLES,
        batch=100,
        method="BCa",
        rng=np.random.default_rng(3),
    ).confidence_interval
    assert interval is not None
    assert interval["difference"] == pytest.approx(right.mean() - other.mean())
    # Draws that tie with the estimate but for rounding are counted on one side or the other.
    assert interval["low"] == pytest.approx(reference.low, abs=0.004)
    assert interval["high"] == pytest.approx(reference.high, abs=0.004)


def test_it_holds_the_true_difference_as_often_as_it_says(random: np.random.Generator) -> None:
    # A user's 20 rows share much of their luck: taken for independent, they would look too sure.
    n_users, n_rows, n_worlds = 60, 20, 200
    block = np.repeat(np.arange(n_users), n_rows)
    held = 0
    for world in range(n_worlds):
        share = np.clip(random.normal(0.7, 0.15, (2, n_users, 1)), 0, 1)
        one, other = (random.random((2, n_users, n_rows)) < share).reshape(2, -1)
        interval = paired_interval(
            one, other, np.ones(len(block), dtype=bool), block, ACCURACY, random_state=world
        )
        assert interval is not None
        held += interval["low"] <= 0.0 <= interval["high"]
    assert held / n_worlds == pytest.approx(0.95, abs=0.04)


def test_models_that_answer_alike_differ_by_nothing(random: np.random.Generator) -> None:
    truth = random.random(400) < 0.1
    score = random.random(400)
    interval = paired_interval(
        score, score, truth, blocks(random, 400), AVERAGE_PRECISION, random_state=0
    )
    assert interval == {"difference": 0.0, "low": 0.0, "high": 0.0}


@pytest.mark.parametrize("n_fraudulent", [1, 2])
def test_frauds_in_few_blocks_leave_the_interval_unknown(
    random: np.random.Generator, n_fraudulent: int
) -> None:
    block = blocks(random, 400)
    truth = (block < n_fraudulent) & (random.random(400) < 0.5)
    one, other = random.random((2, 400))
    interval = paired_interval(one, other, truth, block, AVERAGE_PRECISION, random_state=0)
    assert interval is None


def test_one_block_tells_nothing_of_spread() -> None:
    truth = np.ones(4, dtype=bool)
    block = np.zeros(4, dtype=np.int64)
    assert paired_interval(truth, ~truth, truth, block, ACCURACY, random_state=0) is None


def test_each_candidate_but_the_best_is_told_with_its_interval(
    random: np.random.Generator,
) -> None:
    truth = np.ones(400, dtype=bool)
    answers = CandidateAnswers(truth, blocks(random, 400), ACCURACY)
    candidates = []
    for share in (0.9, 0.6):
        right = random.random(400) < share
        answers.keep("linear", {"penalty": share}, right)
        candidates.append(Candidate("linear", {"penalty": share}, "accuracy", right.mean()))
    best, other = (each.to_dict() for each in answers.beside_best(candidates, random_state=1))
    assert "beside_best" not in best
    assert other["beside_best"]["difference"] == pytest.approx(other["accuracy"] - best["accuracy"])
    assert other["beside_best"]["high"] < 0
