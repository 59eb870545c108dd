"""Columns that no schema names are kept, whatever types the files of a table give them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from mlops_platform.data.validation import load_tables
from mlops_platform.errors import DataValidationError

AS_OF = datetime(2025, 3, 1, tzinfo=UTC)


def file_of(number: int, **further: Any) -> pa.Table:
    """Return a file with one transaction."""
    return pa.table(
        {
            "transaction_id": [f"t{number}"],
            "user_id": ["u1"],
            "merchant_id": ["m1"],
            "timestamp": [datetime(2025, 2, 1, tzinfo=UTC)],
            "amount": [1.5],
            "currency": ["GBP"],
            "description": ["BOTON"],
            **{name: pa.array([value]) for name, value in further.items()},
        }
    )


def load(folder: Path, *files: pa.Table) -> pa.Table:
    for number, table in enumerate(files):
        pyarrow.parquet.write_table(table, folder / f"{number}.parquet")
    return load_tables({"transactions": folder}, as_of=AS_OF)["transactions"]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (1, "two", ["1", "two"]),
        (2.5, "two", ["2.5", "two"]),
        (1, 2.5, [1.0, 2.5]),
        (2**60, 2.5, [str(2**60), "2.5"]),
        (date(2025, 2, 1), "today", ["2025-02-01", "today"]),
        (True, 7, ["true", "7"]),
        (None, "text", [None, "text"]),
        (None, 7, [None, 7]),
        ([1, 2], [3], [[1, 2], [3]]),
    ],
)
def test_types_that_differ_become_one_that_holds_all(
    tmp_path: Path, one: Any, other: Any, together: list[Any]
) -> None:
    table = load(tmp_path, file_of(0, score=one), file_of(1, score=other), file_of(2))

    assert table["score"].to_pylist() == [*together, None]


def test_a_number_in_a_csv_and_in_a_parquet_file_is_text(tmp_path: Path) -> None:
    pyarrow.csv.write_csv(file_of(0, device=17), tmp_path / "a.csv")

    table = load(tmp_path, file_of(1, device=18))

    assert sorted(table["device"].to_pylist()) == ["17", "18"]


def test_what_cannot_be_put_together_is_named_with_file_and_column(tmp_path: Path) -> None:
    with pytest.raises(
        DataValidationError,
        match=r"0\.parquet, column tags: it holds list<.*>, but string in transactions/2\.parquet",
    ):
        load(tmp_path, file_of(0, tags=["a"]), file_of(1, tags=["b"]), file_of(2, tags="a"))
