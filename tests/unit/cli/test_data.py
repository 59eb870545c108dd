"""`mlops data`: what it puts into the bucket can be trained on, however often it is repeated."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from mlops_platform.aws.clients import client
from mlops_platform.data.validation import load_tables
from mlops_platform.pipeline.table_objects import DataBucket
from mlops_platform.sdk.known_rows import refuse_known_rows
from tests.unit.cli.conftest import DATA, Answer, RunMlops

SMALL = ("--users", "40", "--merchants", "60")
TABLES = ("transactions", "fraud_labels")


def keys() -> list[str]:
    return [entry["Key"] for entry in client("s3").list_objects_v2(Bucket=DATA)["Contents"]]


def trained_on(folder: Path) -> dict[str, pa.Table]:
    """Return the bucket's tables as the first state of a training checks them."""
    bucket = DataBucket(client("s3"), DATA)
    for table in TABLES:
        bucket.download(bucket.objects(table), folder)
    return load_tables({table: folder / table for table in TABLES}, as_of=datetime.now(UTC))


@pytest.mark.usefixtures("aws")
def test_a_world_made_again_on_the_next_day_can_be_trained_on(
    mlops: RunMlops, tmp_path: Path
) -> None:
    for start in ("2025-01-06", "2025-01-07"):
        answer = mlops("data", "generate", "--start", start, "--days", "12", *SMALL)
        assert answer.status == 0, answer.err

    days = trained_on(tmp_path)["transactions"]["timestamp"]

    n_files = Counter(key.partition("/")[0] for key in keys())
    by_day = ("transactions", "fraud_labels", "category_labels", "interactions", "utterances")
    assert n_files == {**dict.fromkeys(by_day, 13), "items": 1, "users": 1}
    assert min(days.to_pylist()).date().isoformat() == "2025-01-06"
    assert max(days.to_pylist()).date().isoformat() == "2025-01-18"


@pytest.mark.usefixtures("aws")
def test_by_default_the_world_ends_yesterday(mlops: RunMlops, tmp_path: Path) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)

    answer = mlops("--json", "data", "generate", "--days", "3", *SMALL)

    files: list[Any] = json.loads(answer.out)["files"]
    assert files[2] == f"s3://{DATA}/transactions/{yesterday}.parquet"
    assert trained_on(tmp_path)["fraud_labels"].num_rows > 0


@pytest.mark.usefixtures("aws")
def test_all_labels_of_a_world_long_past_are_known(mlops: RunMlops, tmp_path: Path) -> None:
    mlops("data", "generate", "--start", "2025-01-06", "--days", "3", *SMALL)

    tables = trained_on(tmp_path)

    # One label in a hundred never comes; all others come within a month.
    assert tables["fraud_labels"].num_rows > 0.95 * tables["transactions"].num_rows


def test_a_day_that_is_not_over_is_not_made(mlops: RunMlops, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()

    answer = mlops(
        "data", "generate", "--start", str(today), "--days", "1", "--out", str(tmp_path / "out")
    )

    assert answer.status == 2
    assert f"would end on {today}, which is not over" in answer.err
    assert not (tmp_path / "out").exists()


HEADER = "transaction_id,user_id,merchant_id,timestamp,amount,currency,description\n"


def load(mlops: RunMlops, path: Path, *ids: str) -> Answer:
    rows = [f"{name},u1,m1,2025-02-01T10:00:00Z,12.50,GBP,BOTON\n" for name in ids]
    path.write_text("".join([HEADER, *rows]))
    return mlops("data", "load", "transactions", str(path))


@pytest.mark.usefixtures("aws")
def test_rows_that_stand_in_another_file_are_refused_with_its_name(
    mlops: RunMlops, tmp_path: Path
) -> None:
    assert load(mlops, tmp_path / "a.csv", "1", "2", "3").status == 0
    parquet = pa.table({"transaction_id": [4, 5], "amount": [1.0, 2.0]})
    pyarrow.parquet.write_table(parquet, tmp_path / "b.parquet")
    content = (tmp_path / "b.parquet").read_bytes()
    client("s3").put_object(Bucket=DATA, Key="transactions/b.parquet", Body=content)

    answer = load(mlops, tmp_path / "new.csv", "0", "2", "3", "5")

    assert answer.status == 1
    assert "transactions/a.csv: it holds 2 of the 4 rows already, e.g. '2', '3'" in answer.err
    assert "transactions/b.parquet: it holds 1 of the 4 rows already, e.g. '5'" in answer.err
    assert "transactions/new.csv" not in keys()


@pytest.mark.usefixtures("aws")
def test_a_file_loaded_again_is_replaced(mlops: RunMlops, tmp_path: Path) -> None:
    load(mlops, tmp_path / "other.csv", "7")
    load(mlops, tmp_path / "a.csv", "1", "2")

    assert load(mlops, tmp_path / "a.csv", "2", "3").status == 0
    assert load(mlops, tmp_path / "b.csv", "1").status == 0
    assert keys() == [f"transactions/{name}.csv" for name in ("a", "b", "other")]


@pytest.mark.usefixtures("aws")
def test_files_that_hold_no_rows_are_no_hindrance(mlops: RunMlops, tmp_path: Path) -> None:
    for key, content in {"": b"", "notes.txt": b"x", "a.csv": b"amount\n1\n"}.items():
        client("s3").put_object(Bucket=DATA, Key=f"transactions/{key}", Body=content)
    pyarrow.parquet.write_table(pa.table({"amount": [1.0]}), tmp_path / "b.parquet")
    content = (tmp_path / "b.parquet").read_bytes()
    client("s3").put_object(Bucket=DATA, Key="transactions/b.parquet", Body=content)

    assert load(mlops, tmp_path / "new.csv", "1").status == 0


@pytest.mark.usefixtures("aws")
def test_a_damaged_file_in_the_bucket_is_named(mlops: RunMlops, tmp_path: Path) -> None:
    client("s3").put_object(Bucket=DATA, Key="transactions/old.parquet", Body=b"PAR1 no")

    answer = load(mlops, tmp_path / "new.csv", "1")

    assert answer.status == 1
    assert "transactions/old.parquet cannot be read as parquet" in answer.err


@pytest.mark.usefixtures("aws")
def test_of_a_large_parquet_file_the_key_alone_is_read(tmp_path: Path) -> None:
    n = 100_000
    noise = np.random.default_rng(0).random(n)
    table = pa.table({"transaction_id": ["t"] * n, **{f"x{i}": noise + i for i in range(9)}})
    pyarrow.parquet.write_table(table, tmp_path / "big.parquet")
    content = (tmp_path / "big.parquet").read_bytes()
    client("s3").put_object(Bucket=DATA, Key="transactions/big.parquet", Body=content)
    read = 0

    def count(parsed: dict[str, Any], **_: Any) -> None:
        nonlocal read
        read += int(parsed["ContentLength"])

    client("s3").meta.events.register("after-call.s3.GetObject", count)
    rows = pa.table({"transaction_id": ["u"]})
    refuse_known_rows(DataBucket(client("s3"), DATA), "transactions", rows, replacing="")

    assert 0 < read < (tmp_path / "big.parquet").stat().st_size / 20
