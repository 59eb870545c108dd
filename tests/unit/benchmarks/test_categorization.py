"""The categorization benchmark reads any table, splits it honestly and says what it beat."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.categorization.baselines import baseline_predictions
from benchmarks.categorization.labelled_table import ColumnNames, LabelledTable
from benchmarks.categorization.splits import Split, made_splits, split_by_column
from mlops_platform.errors import DataValidationError
from mlops_platform.training.classification_metrics import (
    accuracy_at_coverage,
    expected_calibration_error,
)
from tests.unit.models.categorization.small_shops import high_street

NAMES = ColumnNames("merchant", "group")
FILE = Path("table.csv")


def frame(n: int) -> pd.DataFrame:
    transactions, label = high_street(n)
    return pd.DataFrame(
        {
            "merchant": [row.descriptor for row in transactions],
            "amount": [row.amount for row in transactions],
            "date": np.array([row.timestamp for row in transactions], dtype="datetime64[s]"),
            "card_id": [row.context["card"] for row in transactions],
            "group": label,
        }
    )


def table(n: int = 600) -> LabelledTable:
    return LabelledTable.from_frame(frame(n), FILE, NAMES)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.categorization", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_table_without_split_columns_is_split_three_ways() -> None:
    splits = {split.name: split for split in made_splits(table())}

    assert set(splits) == {"stratified", "temporal", "unseen"}
    for split in splits.values():
        assert np.intersect1d(split.train, split.test).size == 0
        assert np.union1d(split.train, split.test).size == 600


def test_the_temporal_split_tests_on_nothing_earlier_than_it_trains_on() -> None:
    shuffled = LabelledTable.from_frame(frame(300).sample(frac=1, random_state=3), FILE, NAMES)
    (temporal,) = (split for split in made_splits(shuffled) if split.name == "temporal")

    assert shuffled.moment is not None
    assert shuffled.moment[temporal.train].max() <= shuffled.moment[temporal.test].min()


def test_the_unseen_split_shares_no_brand() -> None:
    data = table()
    (unseen,) = (split for split in made_splits(data) if split.name == "unseen")

    assert not set(data.rows.brand[unseen.train]) & set(data.rows.brand[unseen.test])


def test_a_category_of_one_row_is_not_tested_on() -> None:
    rows = frame(100)
    rows.loc[0, "group"] = "rare"
    data = LabelledTable.from_frame(rows, FILE, NAMES)
    stratified = made_splits(data)[0]

    assert "rare" not in data.label[stratified.test]
    assert "rare" in data.label[stratified.train]


def test_a_table_without_dates_gets_no_temporal_split() -> None:
    data = LabelledTable.from_frame(
        frame(100).drop(columns=["date", "amount", "card_id"]), FILE, NAMES
    )

    assert [split.name for split in made_splits(data)] == ["stratified", "unseen"]


def test_a_split_column_may_be_written_in_any_case_and_hold_other_parts() -> None:
    parts = ["Train"] * 12 + ["TEST "] * 5 + ["validation"] * 3
    split = split_by_column(
        LabelledTable.from_frame(frame(20).assign(mine=parts), FILE, NAMES), "mine"
    )

    assert (len(split.train), len(split.test)) == (12, 5)


def test_a_hundred_categories_of_two_rows_are_split_too() -> None:
    rows = frame(200).assign(group=[f"kind {number % 100}" for number in range(200)])
    data = LabelledTable.from_frame(rows, FILE, NAMES)
    stratified = made_splits(data)[0]

    assert len(stratified.test) == 40
    assert set(data.label[stratified.train]) == set(data.label)


def test_a_made_split_holds_out_a_fifth_of_each_category() -> None:
    data = table(1_000)
    stratified = made_splits(data)[0]

    names, counts = np.unique(data.label, return_counts=True)
    for name, count in zip(names, counts, strict=True):
        assert abs(np.sum(data.label[stratified.test] == name) - count / 5) <= 1


def test_rows_without_a_date_are_in_no_temporal_split() -> None:
    rows = frame(100)
    rows.loc[:9, "date"] = pd.NaT
    data = LabelledTable.from_frame(rows, FILE, NAMES)
    (temporal,) = (split for split in made_splits(data) if split.name == "temporal")

    assert len(temporal.train) + len(temporal.test) == 90
    assert data.transactions[0].timestamp is None


def test_one_merchant_gets_no_unseen_split() -> None:
    rows = frame(100).assign(merchant="the only one")
    splits = made_splits(LabelledTable.from_frame(rows, FILE, NAMES))

    assert [split.name for split in splits] == ["stratified", "temporal"]


@pytest.mark.parametrize("n", [1, 4])
def test_a_table_that_allows_no_split_is_refused(n: int) -> None:
    with pytest.raises(DataValidationError, match=f"{n} labelled rows of .* Bring more"):
        made_splits(LabelledTable.from_frame(frame(n), FILE, NAMES))


def test_a_table_without_any_text_is_refused() -> None:
    with pytest.raises(DataValidationError, match="both a label in group and a text in merchant"):
        LabelledTable.from_frame(frame(5).assign(merchant=" - "), FILE, NAMES)


def test_a_split_column_without_test_rows_is_refused() -> None:
    rows = frame(20).assign(mine="train")

    with pytest.raises(DataValidationError, match="20 and 0"):
        split_by_column(LabelledTable.from_frame(rows, FILE, NAMES), "mine")


def test_a_missing_label_column_is_named() -> None:
    with pytest.raises(DataValidationError, match=r"no column group.*--label"):
        LabelledTable.from_frame(frame(5).drop(columns="group"), FILE, NAMES)


def test_rows_without_a_label_are_left_out() -> None:
    rows = frame(10)
    rows.loc[3, "group"] = None

    assert len(LabelledTable.from_frame(rows, FILE, NAMES).label) == 9


def test_the_merchant_look_up_answers_as_a_hand_count() -> None:
    rows = pd.DataFrame(
        {
            "merchant": ["aa 1", "aa 2", "aa 3", "bb", "bb", "AA 9", "new"],
            "group": ["food", "food", "fuel", "fuel", "fuel", "food", "food"],
        }
    )
    data = LabelledTable.from_frame(rows, FILE, NAMES)
    split = Split("test", np.arange(5), np.array([5, 6]), "by hand")
    answers = baseline_predictions(data, split)

    assert answers["merchant_lookup"].tolist() == ["food", "fuel"]
    assert answers["majority"].tolist() == ["fuel", "fuel"]


def test_confidence_that_says_nothing_gives_the_overall_accuracy_at_full_coverage() -> None:
    right = np.array([True, False, True, True])

    assert accuracy_at_coverage(np.full(4, 0.5, np.float32), right, 1.0) == 0.75


def test_the_calibration_error_of_certainty_is_the_error_rate() -> None:
    right = np.array([True] * 7 + [False] * 3)

    error = expected_calibration_error(np.ones(10, dtype=np.float32), right)
    assert error == pytest.approx(0.3)


def test_the_last_line_is_json_with_every_split_and_its_baselines(tmp_path: Path) -> None:
    frame(400).to_parquet(tmp_path / "table.parquet")
    done = run("--data", str(tmp_path / "table.parquet"), "--context", "card_id")
    result = json.loads(done.stdout.splitlines()[-1])

    assert set(result) == {"stratified", "temporal", "unseen"}
    for split in result.values():
        assert {"accuracy", "macro_f1", "accuracy_at_80_coverage"} <= set(split)
        assert set(split["baselines"]) == {"majority", "merchant_lookup", "text_svm"}
    assert result["stratified"]["accuracy"] > 0.8


def test_two_csv_files_of_other_column_names_are_one_split(tmp_path: Path) -> None:
    rows = frame(400)[["merchant", "group"]].set_axis(["text", "kind"], axis=1)
    rows[:300].to_csv(tmp_path / "train.csv", index=False)
    rows[300:].to_csv(tmp_path / "test.csv", index=False)
    files = ("--train", str(tmp_path / "train.csv"), "--test", str(tmp_path / "test.csv"))
    done = run(*files, "--text", "text", "--label", "kind")
    result = json.loads(done.stdout.splitlines()[-1])

    assert list(result) == ["test"]
    assert (result["test"]["n_train"], result["test"]["n_test"]) == (300, 100)


def test_amounts_that_are_no_numbers_are_refused() -> None:
    rows = frame(20)
    with pytest.raises(DataValidationError, match="Column amount: 20 values, the first '£ "):
        LabelledTable.from_frame(
            rows.assign(amount="£ " + rows["amount"].astype("str")), FILE, NAMES
        )


def test_a_column_that_is_named_must_be_there_and_may_be_left_out() -> None:
    rows = frame(60).assign(date="soon")
    with pytest.raises(DataValidationError, match="no column when"):
        LabelledTable.from_frame(rows, FILE, replace(NAMES, date=("when",)))
    with pytest.raises(DataValidationError, match="'soon' in row 1"):
        LabelledTable.from_frame(rows, FILE, NAMES)
    assert LabelledTable.from_frame(rows, FILE, replace(NAMES, date=())).moment is None


def test_a_file_of_another_kind_is_refused_in_one_line(tmp_path: Path) -> None:
    done = run("--data", str(tmp_path / "table.xls"))

    assert done.returncode == 1
    assert "neither .parquet nor .csv" in done.stderr
