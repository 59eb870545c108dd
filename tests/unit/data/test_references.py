"""Labels must belong to a transaction and come after it; interactions must name items."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mlops_platform.data.validation import load_tables
from mlops_platform.errors import DataValidationError

AS_OF = datetime(2025, 3, 1, tzinfo=UTC)
TRANSACTIONS = [
    "transaction_id,user_id,merchant_id,timestamp,amount,currency,description",
    "t1,u1,m1,2025-02-01T10:00:00Z,12.50,GBP,BOTON LEEDS",
    "t2,u1,m2,2025-02-01T12:00:00+01:00,3,GBP,",
]


def load(folder: Path, *labels: str, transactions: list[str] = TRANSACTIONS) -> int:
    """Return how many labels a good pair of tables has."""
    files = {
        "transactions": transactions,
        "fraud_labels": ["transaction_id,is_fraud,label_timestamp", *labels],
    }
    for table, lines in files.items():
        (folder / table).mkdir()
        (folder / table / "part.csv").write_text("\n".join([*lines, ""]))
    tables = load_tables({table: folder / table for table in files}, as_of=AS_OF)
    return int(tables["fraud_labels"].num_rows)


def test_a_label_may_come_at_the_very_moment_of_its_transaction(tmp_path: Path) -> None:
    assert load(tmp_path, "t2,0,2025-02-01T11:00:00Z", "t1,true,2025-02-01T11:00:00+01:00") == 2


def test_a_label_without_its_transaction_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataValidationError, match=r"1 labels name transactions.*'t9'"):
        load(tmp_path, "t1,true,2025-02-03T00:00:00Z", "t9,0,2025-02-03T00:00:00Z")


def test_a_label_from_before_its_transaction_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        DataValidationError,
        match=r"1 problem;(.|\n)*label_timestamp: 1 labels.*before.*e\.g\. 't2'",
    ):
        load(tmp_path, "t1,true,2025-02-03T00:00:00Z", "t2,0,2025-02-01T10:59:59Z")


@pytest.mark.parametrize("label", [",1,2025-02-03T00:00:00Z", "t1,1,soon"])
def test_a_label_that_cannot_be_read_is_told_once(tmp_path: Path, label: str) -> None:
    with pytest.raises(DataValidationError, match="1 problem;"):
        load(tmp_path, label)


def test_tables_without_rows_are_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(DataValidationError, match="2 problems;"):
        load(tmp_path, transactions=TRANSACTIONS[:1])


@pytest.mark.parametrize("item", ["i1", "i9"])
def test_an_interaction_with_an_item_that_is_not_there_is_named(tmp_path: Path, item: str) -> None:
    files = {
        "items": "item_id,kind,title\ni1,saving,Rainy days\n",
        "interactions": f"user_id,item_id,timestamp\nu1,{item},2025-02-01T10:00:00Z\n",
    }
    for table, content in files.items():
        (tmp_path / table).mkdir()
        (tmp_path / table / "part.csv").write_text(content)
    folders = {table: tmp_path / table for table in files}

    if item == "i1":
        assert load_tables(folders, as_of=AS_OF)["interactions"].num_rows == 1
    else:
        with pytest.raises(DataValidationError, match=r"1 interactions name items.*'i9'"):
            load_tables(folders, as_of=AS_OF)
