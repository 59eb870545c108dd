"""The demo's data: what becomes known goes to the bucket, what comes next goes over HTTP."""

import itertools
import tempfile
from collections import Counter
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any

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

# Time between rounds costs half a second each.
_SMALLEST_ROUND = 20


def upload_days(config: MLOpsConfig, first: date, last: date) -> int:
    """Put what becomes known on some days into the data bucket; return how many transactions."""
    with tempfile.TemporaryDirectory() as folder:
        for path in write_days(WORLD, Path(folder), first, last, since=FIRST_DAY):
            upload_table_file(config, path.parent.name, path)
    return int(WORLD.transactions(first, last).num_rows)


def sent_transactions(day: date) -> list[dict[str, Any]]:
    """Return a day's transactions in the order of time, as features of requests."""
    rows = WORLD.transactions(day, day).select(SENT_COLUMNS).to_pylist()
    return [{**row, "timestamp": row["timestamp"].isoformat()} for row in rows]


def rounds_of(day: date) -> list[list[dict[str, Any]]]:
    """Return the features of a day's transactions: everybody's first ones, then second ones, ...

    A day passes within seconds here. In the world a transaction is known to the features of the
    same user's next one a minute later; between two rounds there is time for that, and the order
    of different users within a day is of no account to any feature. The few that are left when a
    round would be smaller than `_SMALLEST_ROUND` are the last round.
    """
    rounds: list[list[dict[str, Any]]] = []
    n_seen: Counter[str] = Counter()
    for row in sent_transactions(day):
        # Who is nobody has no past.
        user = row["user_id"] or row["transaction_id"]
        if n_seen[user] == len(rounds):
            rounds.append([])
        rounds[n_seen[user]].append(row)
        n_seen[user] += 1
    large = [each for each in rounds if len(each) >= _SMALLEST_ROUND]
    rest = sorted(itertools.chain(*rounds[len(large) :]), key=itemgetter("timestamp"))
    return [*large, rest] if rest else large
