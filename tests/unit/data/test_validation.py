"""Every way in which a table may be wrong is named, all at once."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from mlops_platform.data.validation import load_tables
from mlops_platform.errors import DataValidationError

AS_OF = datetime(2025, 3, 1, tzinfo=UTC)
HEADER = "transaction_id,user_id,merchant_id,timestamp,amount,currency,description"
GOOD = [
    "t1,u1,m1,2025-02-01T10:00:00Z,12.50,GBP,BOTON LEEDS",
    "t2,u1,m2,2025-02-01T11:00:00+00:00,3,GBP,",
    "t3,u2,m1,2025-02-02 09:00:00,0.99,GBP,INKA",
]


def load_csv(folder: Path, *rows: str, header: str = HEADER) -> pa.Table:
    table = folder / "transactions"
    table.mkdir(parents=True)
    (table / "part.csv").write_text("\n".join([header, *rows]) + "\n")
    return load_tables({"transactions": table}, as_of=AS_OF)["transactions"]


def test_a_good_csv_is_read_in_the_schemas_types(tmp_path: Path) -> None:
    table = load_csv(tmp_path, *GOOD)

    assert table["amount"].to_pylist() == [12.5, 3.0, 0.99]
    assert table["timestamp"].to_pylist()[2] == datetime(2025, 2, 2, 9, tzinfo=UTC)
    assert table["description"].null_count in {0, 1}


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("t4,u1,m1,2025-02-01T10:00:00Z,twelve,GBP,X", r"column amount: row 4 \('twelve'\)"),
        ("t4,u1,m1,2025-02-01T10:00:00Z,NaN,GBP,X", "column amount: row 4 is empty"),
        ("t4,u1,m1,2025-02-01T10:00:00Z,inf,GBP,X", "column amount: row 4 is infinite"),
        ("t4,u1,m1,2025-02-01T10:00:00Z,-5,GBP,X", "column amount: row 4 is not greater than 0"),
        ("t4,u1,m1,2025-02-01T10:00:00Z,,GBP,X", "column amount: row 4 is empty"),
        ("t4,,m1,2025-02-01T10:00:00Z,5,GBP,X", "column user_id: row 4 is empty"),
        ("t1,u1,m1,2025-02-01T10:00:00Z,5,GBP,X", "1 values stand more than once, e.g. 't1'"),
        ("t4,u1,m1,2999-02-01T10:00:00Z,5,GBP,X", "column timestamp: row 4 is in the future"),
        ("t4,u1,m1,0001-01-01T00:00:00Z,5,GBP,X", "row 4 is before 1970-01-01; check the clock"),
        ("t4,u1,m1,yesterday,5,GBP,X", r"column timestamp: row 4 \('yesterday'\)"),
        (
            "t4,u1,m1,0001-01-01T00:00:00+05:00,5,GBP,X",
            r"column timestamp: row 4 \('0001-01-01T00:00:00\+05:00'\) cannot be read",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_column(tmp_path: Path, row: str, named: str) -> None:
    with pytest.raises(DataValidationError, match=named):
        load_csv(tmp_path, *GOOD, row)


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    header = HEADER.replace("amount", "value")

    with pytest.raises(DataValidationError, match=r"column amount: it is missing.*value"):
        load_csv(tmp_path, *GOOD, header=header)


def test_a_column_that_stands_twice_in_a_csv_is_named_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(DataValidationError, match=r"part\.csv has the column 'amount' 2 times"):
        load_csv(tmp_path, f"{GOOD[0]},7", header=f"{HEADER},amount")


def test_a_column_that_stands_twice_in_a_parquet_file_is_named_with_it(tmp_path: Path) -> None:
    twice = pa.Table.from_arrays([pa.array(["t1"])] * 2, names=["transaction_id"] * 2)
    pyarrow.parquet.write_table(twice, tmp_path / "part.parquet")

    with pytest.raises(DataValidationError, match=r"part\.parquet has the column 'transaction_id'"):
        load_tables({"transactions": tmp_path}, as_of=AS_OF)


def test_in_a_csv_only_the_empty_field_is_empty(tmp_path: Path) -> None:
    rows = [f"{row},{country}" for row, country in zip(GOOD, ["NA", "", "null"], strict=True)]

    table = load_csv(tmp_path, *rows, header=f"{HEADER},country")

    assert table["country"].to_pylist() == ["NA", None, "null"]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    rows = ["t1,,m1,yesterday,-1,GBP,X", "t1,u1,m1,2025-02-01T10:00:00Z,abc,GBP,X"]

    with pytest.raises(DataValidationError) as caught:
        load_csv(tmp_path, *rows)

    assert "5 problems" in str(caught.value)


def test_a_table_without_rows_or_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataValidationError, match="no rows"):
        load_csv(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataValidationError, match="no files"):
        load_tables({"transactions": tmp_path / "empty"}, as_of=AS_OF)


def test_a_file_of_another_type_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.xlsx").write_text("x")

    with pytest.raises(DataValidationError, match=r"neither Parquet nor CSV: notes\.xlsx"):
        load_tables({"transactions": tmp_path}, as_of=AS_OF)


def test_a_damaged_parquet_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "part.parquet").write_bytes(b"PAR1 no")

    with pytest.raises(DataValidationError, match=r"part\.parquet cannot be read"):
        load_tables({"transactions": tmp_path}, as_of=AS_OF)


def test_a_number_column_of_another_arrow_type_is_named(tmp_path: Path) -> None:
    moments = pa.array([datetime(2025, 1, 1, tzinfo=UTC)])
    columns = {name: pa.array(["x"]) for name in HEADER.split(",")}
    table = pa.table({**columns, "timestamp": moments, "amount": moments})
    pyarrow.parquet.write_table(table, tmp_path / "part.parquet")

    with pytest.raises(DataValidationError, match="column amount: it holds timestamp"):
        load_tables({"transactions": tmp_path}, as_of=AS_OF)


TEXTS = {
    "string": pa.string(),
    "large_string": pa.large_string(),
    "string_view": pa.string_view(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "dictionary of large_string": pa.dictionary(pa.int8(), pa.large_string()),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_is_empty_however_parquet_holds_it(tmp_path: Path, text: pa.DataType) -> None:
    columns = {
        "transaction_id": ["t1", "t2"],
        "user_id": ["u1", ""],
        "merchant_id": ["m1", None],
        "timestamp": ["2025-02-01T10:00:00Z", ""],
        "amount": ["12.50", ""],
        "currency": ["GBP", ""],
        "description": ["", None],
    }
    table = pa.table({name: pa.array(values).cast(text) for name, values in columns.items()})
    pyarrow.parquet.write_table(table, tmp_path / "part.parquet")

    with pytest.raises(DataValidationError, match="5 problems") as caught:
        load_tables({"transactions": tmp_path}, as_of=AS_OF)

    for name in ("user_id", "merchant_id", "timestamp", "amount", "currency"):
        assert f"part.parquet, column {name}: row 2 is empty" in str(caught.value)


def test_what_pandas_writes_by_default_may_not_be_empty(tmp_path: Path) -> None:
    rows = [dict(zip(HEADER.split(","), row.split(","), strict=True)) for row in GOOD]
    frame = pd.DataFrame(rows).astype({"amount": float}).assign(user_id=["u1", "", "u2"])
    frame.astype({"merchant_id": "category"}).to_parquet(tmp_path / "part.parquet")

    with pytest.raises(DataValidationError, match=r"1 problem;(.|\n)*user_id: row 2 is empty"):
        load_tables({"transactions": tmp_path}, as_of=AS_OF)


def load_moments(folder: Path, moments: pa.Array) -> pa.Table:
    columns = {name: pa.array(["1"]) for name in HEADER.split(",")}
    table = pa.table({**columns, "timestamp": moments})
    pyarrow.parquet.write_table(table, folder / "part.parquet")
    return load_tables({"transactions": folder}, as_of=AS_OF)["transactions"]


@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Paris"])
def test_a_moment_in_nanoseconds_is_cut_to_microseconds(tmp_path: Path, zone: str | None) -> None:
    moments = pa.array([1_738_400_400_000_001_999]).cast(pa.timestamp("ns", zone))

    read = load_moments(tmp_path, moments)["timestamp"].to_pylist()

    assert read == [datetime(2025, 2, 1, 9, 0, 0, 1, tzinfo=UTC)]


@pytest.mark.parametrize("unit", ["ms", "us"])
@pytest.mark.parametrize("count", [-(2**62), 2**62])
def test_a_moment_in_the_wrong_unit_is_named(tmp_path: Path, unit: str, count: int) -> None:
    with pytest.raises(DataValidationError, match=r"column timestamp: row 1 .*(cannot|check the)"):
        load_moments(tmp_path, pa.array([count]).cast(pa.timestamp(unit)))
