"""The demo's data: what becomes known goes to the bucket, what comes next goes over HTTP."""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.demo.plan import FIRST_DAY, WORLD
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.data.world.files import write_days
from mlops_platform.sdk.data_bucket import upload_table_file

SENT_COLUMNS = (
    "transaction_id",
    "user_id",
    "merchant_id",
    "timestamp",
    "amount",
    "currency",
    "description",
    "channel",
    "country",
    "mcc",
)


def upload_days(config: MLOpsConfig, first: date, last: date) -> int:
    """Put what becomes known on some days into the data bucket; return how many transactions."""
    with tempfile.TemporaryDirectory() as folder:
        for path in write_days(WORLD, Path(folder), first, last, since=FIRST_DAY):
            upload_table_file(config, path.parent.name, path)
    return int(WORLD.transactions(first, last).num_rows)


def next_requests(after: date, n_requests: int) -> list[dict[str, Any]]:
    """Return the features of the first transactions after a day, in order of time."""
    days: list[pa.Table] = []
    day = after
    while sum(table.num_rows for table in days) < n_requests:
        day += timedelta(days=1)
        days.append(WORLD.transactions(day, day))
    rows = pa.concat_tables(days).select(SENT_COLUMNS).slice(0, n_requests).to_pylist()
    return [{**row, "timestamp": row["timestamp"].isoformat()} for row in rows]
