"""How fast a world is made: processor time, whatever else the machine does."""

import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from mlops_platform.data.world.files import write_days
from mlops_platform.data.world.world import World, days_between


@dataclass(frozen=True)
class Size:
    """How much is made to measure the speed."""

    users: int
    days: int


def cpu_seconds_per_million(size: Size, seed: int, first: date) -> dict[str, float]:
    """Measure making a world's days, and making and writing them, by a million transactions.

    Processor seconds of all threads together, so one core needs no more wall time than that. The
    world itself (people, merchants, lives as customers) and a first day are made before: they cost
    the same however long the world is.

    Returns
    -------
    dict
        How many transactions were made, the seconds for tables of transactions and labels in
        memory, and the seconds for all tables as Parquet files.
    """
    world = World(seed=seed, n_users=size.users)
    world.day(first - timedelta(days=1))
    world.interactions(first, first, since=first)
    last = first + timedelta(days=size.days - 1)
    started = time.process_time()
    n = sum(world.day(day).transactions.num_rows for day in days_between(first, last))
    made = time.process_time() - started
    # Writing must make the days anew.
    World.day.cache_clear()
    with tempfile.TemporaryDirectory() as folder:
        started = time.process_time()
        write_days(world, Path(folder), first, last, since=first)
        written = time.process_time() - started
    World.day.cache_clear()
    return {
        "users": size.users,
        "days": size.days,
        "transactions": n,
        "cpu_seconds_per_million": made / n * 1e6,
        "cpu_seconds_per_million_written": written / n * 1e6,
    }
