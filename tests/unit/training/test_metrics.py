from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlops_platform.decisions.decision import Verdict
from mlops_platform.decisions.non_inferiority import PairedDifference, decide_non_inferiority
from mlops_platform.errors import TrainingDataError
from mlops_platform.training.card_precision import card_precision
from mlops_platform.training.metrics import fraud_metrics
from mlops_platform.training.paired_difference import AVERAGE_PRECISION, paired_difference


def scores(values: list[float]) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def codes(values: list[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def test_a_caught_card_is_not_investigated_again() -> None:
    # One card is misused on both days; with one investigation a day the second goes elsewhere.
    score = scores([0.9, 0.1, 0.9, 0.1])
    is_fraud = codes([1, 0, 1, 0])
    card, day = codes([1, 2, 1, 2]), codes([0, 0, 1, 1])
    assert card_precision(score, is_fraud, card, day, k=1) == 0.5


def test_a_card_counts_by_its_highest_score_and_any_fraud() -> None:
    score = scores([0.1, 0.9, 0.5])
    is_fraud = codes([1, 0, 0])
    card, day = codes([1, 1, 2]), codes([0, 0, 0])
    assert card_precision(score, is_fraud, card, day, k=1) == 1.0


def test_rows_of_one_kind_cannot_be_judged() -> None:
    ones = np.ones(3, dtype=np.int64)
    with pytest.raises(TrainingDataError, match="3 of 3"):
        fraud_metrics(np.zeros(3, dtype=np.float32), ones, ones, ones, 0.5)


def test_majority_accuracy_is_what_knowing_nothing_reaches() -> None:
    is_fraud = codes([1, 0, 0, 0])
    zeros = np.zeros(4, dtype=np.int64)
    metrics = fraud_metrics(scores([0.9, 0.1, 0.2, 0.3]), is_fraud, zeros, zeros, 0.5)
    assert (metrics["accuracy"], metrics["majority_accuracy"]) == (1.0, 0.75)


def test_equal_models_differ_by_nothing_for_sure() -> None:
    random = np.random.default_rng(1)
    score = random.random(400).astype(np.float32)
    is_fraud = (random.random(400) < 0.3).astype(np.int64)
    paired = paired_difference(score, score, is_fraud, np.arange(400) % 20, AVERAGE_PRECISION)
    assert paired == {
        "metric": "average_precision",
        "difference": 0.0,
        "standard_error": 0.0,
        "n_blocks": 20,
    }


def test_the_standard_error_is_the_spread_over_repeated_worlds() -> None:
    random = np.random.default_rng(2)
    differences, errors = [], []
    for _ in range(80):
        is_fraud = (random.random(1_500) < 0.1).astype(np.int64)
        good = (random.normal(size=1_500) + 1.5 * is_fraud).astype(np.float32)
        worse = (good + random.normal(size=1_500)).astype(np.float32)
        paired = paired_difference(
            good, worse, is_fraud, random.integers(0, 20, 1_500), AVERAGE_PRECISION
        )
        differences.append(paired["difference"])
        errors.append(paired["standard_error"])
    assert np.mean(differences) > 0
    assert np.mean(errors) == pytest.approx(np.std(differences), rel=0.25)


def blocks_with_frauds(n_blocks: int, n_frauds_in: dict[int, int]) -> tuple[Any, Any]:
    """Return truth and block of 50 rows a block, with so many frauds in some of the blocks."""
    block = np.repeat(np.arange(n_blocks), 50)
    is_fraud = np.zeros(len(block), dtype=np.int64)
    for one, n_frauds in n_frauds_in.items():
        is_fraud[np.flatnonzero(block == one)[:n_frauds]] = 1
    return is_fraud, block


@pytest.mark.parametrize(("n_blocks", "fraudulent"), [(20, 7), (1, 0)])
def test_frauds_in_one_block_alone_leave_the_standard_error_unknown(
    n_blocks: int, fraudulent: int
) -> None:
    is_fraud, block = blocks_with_frauds(n_blocks, {fraudulent: 10})
    random = np.random.default_rng(3)
    score = (random.normal(size=len(block)) + 2 * is_fraud).astype(np.float32)
    paired = paired_difference(score, score, is_fraud, block, AVERAGE_PRECISION)
    assert paired["n_blocks"] == 0
    decision = decide_non_inferiority(PairedDifference(**paired), margin=0.05)
    assert decision.verdict is Verdict.INCONCLUSIVE


def test_frauds_in_two_blocks_are_enough_for_a_standard_error() -> None:
    is_fraud, block = blocks_with_frauds(20, {3: 1, 7: 1})
    random = np.random.default_rng(4)
    one, other = random.normal(size=(2, len(block))).astype(np.float32)
    assert paired_difference(one, other, is_fraud, block, AVERAGE_PRECISION)["n_blocks"] == 20
