import json
import subprocess
import sys
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
import pytest

from benchmarks.fraud import protocol
from benchmarks.fraud.card_table import DELAY_DAYS, Columns, day_number, read_cards
from benchmarks.fraud.protocol import Fold, judged_rows, run_fold
from mlops_platform.errors import DataValidationError
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.models.fraud_detection.estimator import FraudClassifier
from mlops_platform.models.fraud_detection.selection import GRIDS
from mlops_platform.training.search import grid_points

FIRST = "2021-02-01"


def handbook_table(n_days: int, n_a_day: int) -> pd.DataFrame:
    random = np.random.default_rng(5)
    n = n_days * n_a_day
    seconds = np.sort(random.integers(0, n_days * DAY_SECONDS, n))
    is_fraud = random.random(n) < 0.03
    amount = np.where(is_fraud, 300.0, random.gamma(2.0, 25.0, n)).round(2) + 0.01
    return pd.DataFrame(
        {
            "TRANSACTION_ID": np.arange(n),
            "TX_DATETIME": pd.Timestamp(FIRST) + pd.to_timedelta(seconds, unit="s"),
            "CUSTOMER_ID": random.integers(0, 50, n),
            "TERMINAL_ID": random.integers(0, 80, n),
            "TX_AMOUNT": amount,
            "TX_FRAUD": is_fraud.astype(np.int8),
            "TX_FRAUD_SCENARIO": is_fraud.astype(np.int8),
        }
    )


def written(table: pd.DataFrame, path: Path) -> Path:
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    else:
        table.to_parquet(path)
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return written(handbook_table(n_days=35, n_a_day=100), tmp_path / "handbook.parquet")


def test_a_label_is_known_a_week_after_its_transaction(data: Path) -> None:
    dataset = read_cards(data, Columns())
    assert set(dataset.known_timestamp - dataset.timestamp) == {DELAY_DAYS * DAY_SECONDS}


def test_cards_with_a_fraud_up_to_the_delay_and_a_day_before_are_not_tested(data: Path) -> None:
    dataset = read_cards(data, Columns())
    fold = Fold(day_number(FIRST))
    kept = judged_rows(dataset, fold)
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
    dataset = read_cards(data, Columns())

    run_fold(dataset, dataset.features(), Fold(day_number("2021-02-08")))

    (classifier,) = fitted
    candidates = [
        hyperparameters
        for algorithm, hyperparameters in grid_points(GRIDS["default"])
        if algorithm == classifier.algorithm
        and hyperparameters.items() <= classifier.hyperparameters_.items()
    ]
    assert len(candidates) == 1


def run(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.fraud", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )


def test_the_last_line_is_the_result_and_weeks_outside_the_file_are_left_out(data: Path) -> None:
    finished = run("--data", str(data), "--start", "2021-02-08")
    result = json.loads(finished.stdout.splitlines()[-1])
    assert [fold["start"] for fold in result["folds"]] == ["2021-02-08", "2021-02-01"]
    names = {"average_precision", "auc_roc", "card_precision_100", "recall_at_precision_90"}
    assert names | {"accuracy", "majority_accuracy"} < result.keys()
    assert set(result["baselines"]) == {"majority", "logistic_regression", "xgboost"}
    for baseline in result["baselines"].values():
        assert names < baseline.keys()
    majority = result["baselines"]["majority"]
    assert majority["accuracy"] == result["majority_accuracy"]
    assert majority["auc_roc"] == 0.5
    assert "2021-01-25  left out" in finished.stdout


def test_the_newest_fold_is_by_default_the_last_that_the_file_holds(data: Path) -> None:
    finished = run("--data", str(data), "--folds", "1")
    result = json.loads(finished.stdout.splitlines()[-1])
    # 35 days from the first of February on end with the seventh of March.
    assert [fold["start"] for fold in result["folds"]] == ["2021-02-15"]


def test_columns_of_other_names_and_types_are_the_same_transactions(
    data: Path, tmp_path: Path
) -> None:
    table = pd.read_parquet(data)
    other = pd.DataFrame(
        {
            "when": table["TX_DATETIME"].dt.strftime("%d/%m/%Y %H:%M:%S"),
            "card": "c" + table["CUSTOMER_ID"].astype("str").str.zfill(2),
            "shop": "s" + table["TERMINAL_ID"].astype("str").str.zfill(2),
            "pounds": table["TX_AMOUNT"],
            "fraud": np.where(table["TX_FRAUD"] == 1, "yes", "no"),
        }
    )
    path = written(other, tmp_path / "other.csv")
    columns = Columns("when", "card", "pounds", "fraud", ("shop",))

    found, expected = read_cards(path, columns), read_cards(data, Columns())

    np.testing.assert_array_equal(found.features(), expected.features())
    np.testing.assert_array_equal(found.is_fraud, expected.is_fraud)


def test_rows_without_terminal_card_or_label_are_read_and_without_label_not_judged(
    data: Path, tmp_path: Path
) -> None:
    table = pd.read_parquet(data).drop(columns="TERMINAL_ID")
    table = table.astype({"CUSTOMER_ID": "float", "TX_FRAUD": "float"})
    table.loc[::5, "TX_FRAUD"] = np.nan
    table.loc[::7, "CUSTOMER_ID"] = np.nan
    dataset = read_cards(written(table, tmp_path / "lacking.parquet"), Columns())
    kept = judged_rows(dataset, Fold(day_number(FIRST)))

    assert (dataset.merchant == -1).all()
    np.testing.assert_array_equal(dataset.user == -1, table["CUSTOMER_ID"].isna())
    assert kept.any()
    assert not (kept & table["TX_FRAUD"].isna()).any()
    # A fraud without a card makes nobody's card known.
    of_nobody = kept & (dataset.user == -1)
    assert of_nobody.any()


def test_a_row_without_an_amount_is_located(data: Path, tmp_path: Path) -> None:
    table = pd.read_parquet(data)
    table.loc[4, "TX_AMOUNT"] = np.nan
    path = written(table, tmp_path / "lacking.parquet")
    with pytest.raises(DataValidationError, match=r"1 rows lack TX_DATETIME or TX_AMOUNT, .* 5\."):
        read_cards(path, Columns())


def test_a_file_that_cannot_be_measured_is_refused_in_one_line(tmp_path: Path) -> None:
    table = handbook_table(n_days=25, n_a_day=20)
    honest = written(table.assign(TX_FRAUD=0), tmp_path / "honest.csv")
    renamed = written(table.rename(columns={"TX_FRAUD": "fraud"}), tmp_path / "renamed.csv")

    assert run("--data", str(honest)).stderr.startswith("No fold can be measured")
    assert "no column TX_FRAUD" in run("--data", str(renamed)).stderr
