"""`mlops data`: what it puts into the bucket can be trained on, however often it is repeated."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from mlops_platform.aws.clients import client
from mlops_platform.data.validation import load_tables
from mlops_platform.pipeline.table_objects import DataBucket
from tests.unit.cli.conftest import DATA, RunMlops

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

    assert len(keys()) == 2 * 13
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
