import json
import subprocess
import sys
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
import pytest

from benchmarks.fraud import protocol
from benchmarks.fraud.handbook_data import DELAY_DAYS, day_number, read_handbook
from benchmarks.fraud.protocol import Fold, not_known_compromised, run_fold
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.models.fraud_detection.estimator import FraudClassifier
from mlops_platform.models.fraud_detection.selection import GRIDS
from mlops_platform.training.search import grid_points

FIRST = "2021-02-01"


def handbook_file(path: Path, n_days: int, n_a_day: int) -> Path:
    random = np.random.default_rng(5)
    n = n_days * n_a_day
    seconds = np.sort(random.integers(0, n_days * DAY_SECONDS, n))
    is_fraud = random.random(n) < 0.03
    amount = np.where(is_fraud, 300.0, random.gamma(2.0, 25.0, n)).round(2) + 0.01
    pd.DataFrame(
        {
            "TRANSACTION_ID": np.arange(n),
            "TX_DATETIME": pd.Timestamp(FIRST) + pd.to_timedelta(seconds, unit="s"),
            "CUSTOMER_ID": random.integers(0, 50, n),
            "TERMINAL_ID": random.integers(0, 80, n),
            "TX_AMOUNT": amount,
            "TX_FRAUD": is_fraud.astype(np.int8),
            "TX_FRAUD_SCENARIO": is_fraud.astype(np.int8),
        }
    ).to_parquet(path)
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return handbook_file(tmp_path / "handbook.parquet", n_days=35, n_a_day=100)


def test_a_label_is_known_a_week_after_its_transaction(data: Path) -> None:
    dataset = read_handbook(data)
    assert set(dataset.known_timestamp - dataset.timestamp) == {DELAY_DAYS * DAY_SECONDS}


def test_cards_with_a_fraud_up_to_the_delay_and_a_day_before_are_not_tested(data: Path) -> None:
    dataset = read_handbook(data)
    fold = Fold(day_number(FIRST))
    kept = not_known_compromised(dataset, fold)
    day = dataset.timestamp // DAY_SECONDS
    for row in np.flatnonzero((day >= fold.test_start) & (day < fold.test_end))[::20]:
        earlier = (dataset.user == dataset.user[row]) & (dataset.is_fraud == 1)
        known = earlier & (day >= fold.start) & (day <= day[row] - DELAY_DAYS - 1)
        assert kept[row] == (not known.any())
    assert not kept[(day < fold.test_start) | (day >= fold.test_end)].any()


def test_what_is_fitted_is_a_candidate_of_the_training_job(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[FraudClassifier] = []

    class Remembered(FraudClassifier):
        def fit(self, X: np.ndarray, y: np.ndarray) -> Self:  # noqa: N803
            fitted.append(self)
            return super().fit(X, y)

    monkeypatch.setattr(protocol, "FraudClassifier", Remembered)
    dataset = read_handbook(data)

    run_fold(dataset, dataset.features(), Fold(day_number("2021-02-08")))

    (classifier,) = fitted
    candidates = [
        hyperparameters
        for algorithm, hyperparameters in grid_points(GRIDS["default"])
        if algorithm == classifier.algorithm
        and hyperparameters.items() <= classifier.hyperparameters_.items()
    ]
    assert len(candidates) == 1


def test_the_last_line_is_the_result_and_weeks_outside_the_file_are_left_out(data: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.fraud", "--data", str(data), "--start", "2021-02-08"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    result = json.loads(finished.stdout.splitlines()[-1])
    assert [fold["start"] for fold in result["folds"]] == ["2021-02-08", "2021-02-01"]
    names = {"average_precision", "auc_roc", "card_precision_100", "recall_at_precision_90"}
    assert names | {"accuracy", "majority_accuracy"} < result.keys()
    assert "2021-01-25  left out" in finished.stdout
