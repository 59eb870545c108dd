"""A world small enough to train on within seconds."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from mlops_platform.data.world.files import write_days
from mlops_platform.data.world.world import World
from mlops_platform.models.fraud_detection.dataset import FraudDataset, from_tables

FIRST_DAY = date(2025, 1, 6)
WORLD = World(seed=3, n_users=200, n_merchants=300)


@cache
def small_dataset(n_days: int) -> FraudDataset:
    """Everything that happens in the world's first days, and every label, however late."""
    last = FIRST_DAY + timedelta(days=n_days - 1)
    transactions = WORLD.transactions(FIRST_DAY, last).to_pandas()
    labels = WORLD.labels(FIRST_DAY, last, until=last).to_pandas()
    return from_tables(transactions, labels)


def write_channels(folder: Path, n_days: int) -> None:
    """Write the tables of the first days as a training job's channels."""
    write_days(WORLD, folder, FIRST_DAY, FIRST_DAY + timedelta(days=n_days - 1), since=FIRST_DAY)
