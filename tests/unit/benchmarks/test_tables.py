"""What users bring is read, or it is said what is wrong with it and what to do."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.tables import moments, numbers, present_columns, read_table, require_columns, truths
from mlops_platform.errors import DataValidationError

NOON = "2024-12-31T12:00:00"
SECONDS = int(pd.Timestamp(NOON, tz="UTC").timestamp())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("absent.csv", None, "cannot be read: .*absent.csv"),
        ("table.xls", "a\n1\n", "neither .parquet nor .csv"),
        ("broken.parquet", "a\n1\n", "cannot be read"),
        ("nothing.csv", "", "cannot be read"),
        ("empty.csv", "a,b\n", "has no rows"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, name: str, content: str | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(DataValidationError, match=message):
        read_table(tmp_path / name)


def test_columns_named_by_numbers_are_named_by_texts(tmp_path: Path) -> None:
    pd.DataFrame([[1, 2]]).rename(columns=str).to_parquet(tmp_path / "table.parquet")
    assert list(read_table(tmp_path / "table.parquet")) == ["0", "1"]


def test_absent_columns_are_named_with_those_that_are_there() -> None:
    table = pd.DataFrame({"a": [1], "b": [2]})
    with pytest.raises(DataValidationError, match=r"no column c, d; .* are a, b. .* by --x and"):
        require_columns(table, Path("t.csv"), ["c", "b", "d"], "--x and --y")


def test_an_optional_column_is_taken_where_it_is_and_must_be_there_if_named() -> None:
    table = pd.DataFrame({"amount": [1.0]})
    path = Path("t.csv")
    assert present_columns(table, path, None, ("amount", "date"), "--x") == ("amount",)
    assert present_columns(table, path, (), ("amount",), "--x") == ()
    with pytest.raises(DataValidationError, match="no column amounts"):
        present_columns(table, path, ("amounts",), ("amount",), "--x")


@pytest.mark.parametrize("dtype", [None, "category"])
def test_numbers_may_be_written_as_texts(dtype: str | None) -> None:
    column = pd.Series(["1", None, "2.5"], dtype=dtype)
    np.testing.assert_array_equal(numbers(column), [1.0, np.nan, 2.5])


def test_what_is_no_number_is_counted_and_located() -> None:
    column = pd.Series(["1", "£2", "3,000"], name="amount")
    with pytest.raises(DataValidationError, match="amount: 2 values, the first '£2' in row 2"):
        numbers(column)


def test_truths_are_read_from_numbers_truth_values_and_words() -> None:
    for column in ([1, 0], [1.0, 0.0], [True, False], ["YES", "no"], ["y", " N"], ["True", "0"]):
        assert truths(pd.Series(column)).tolist() == [1.0, 0.0]
    with pytest.raises(DataValidationError, match=r"'maybe' in row 1.*write 1 and 0"):
        truths(pd.Series(["maybe"]))


@pytest.mark.parametrize(
    "value",
    [
        NOON,
        "2024-12-31 12:00",
        "2024-12-31T13:00:00+01:00",
        "31/12/2024 12:00",
        "12/31/2024 12:00",
        "31 Dec 2024 12:00",
        pd.Timestamp(NOON),
        pd.Timestamp(NOON, tz="UTC"),
        SECONDS,
        float(SECONDS),
        SECONDS * 10**3,
        SECONDS * 10**6,
        SECONDS * 10**9,
    ],
)
def test_a_moment_may_be_written_in_many_ways(value: object) -> None:
    (moment,) = moments(pd.Series([value]))
    assert moment == pd.Timestamp(NOON, tz="UTC")


def test_one_day_after_the_twelfth_tells_that_days_come_first_and_dates_by_iso_stay() -> None:
    read = moments(pd.Series(["3/4/2024", "31/3/2024", "2024-03-04", None]))
    assert read.dt.strftime("%m-%d").tolist()[:3] == ["04-03", "03-31", "03-04"]
    assert pd.isna(read[3])


def test_what_is_no_moment_is_counted_and_located() -> None:
    with pytest.raises(DataValidationError, match="when: 1 values, the first 'soon' in row 2"):
        moments(pd.Series([NOON, "soon"], name="when"))
