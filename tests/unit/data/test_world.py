"""The generated world: seeded, prefix-stable, calibrated, honest about what is known when."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from mlops_platform.data.validation import load_tables
from mlops_platform.data.world.files import write_days
from mlops_platform.data.world.world import World

START = date(2025, 1, 6)
LAST = START + timedelta(days=59)


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=3)


def test_the_same_seed_makes_the_same_days(world: World) -> None:
    again = World(seed=3).transactions(START, START)

    assert again.equals(world.transactions(START, START))
    assert not World(seed=4).transactions(START, START).equals(again)


def test_a_longer_world_begins_like_a_shorter_one(world: World) -> None:
    short = world.transactions(START, START + timedelta(days=2))
    long = world.transactions(START, START + timedelta(days=5))

    assert long.slice(0, short.num_rows).equals(short)


def test_its_tables_pass_the_documented_schema(world: World, tmp_path: Path) -> None:
    write_days(world, tmp_path, START, LAST, since=START)

    tables = load_tables(
        {name: tmp_path / name for name in ("transactions", "fraud_labels")},
        as_of=datetime(2025, 6, 1, tzinfo=UTC),
    )

    assert tables["transactions"].num_rows > 100_000


def test_fraud_is_as_rare_as_in_the_handbook(world: World) -> None:
    days = [world.day(START + timedelta(days=n)) for n in range(60)]
    fraud = np.concatenate([day.scenario != "" for day in days])

    assert 0.005 < fraud.mean() < 0.012


def test_a_label_comes_after_its_transaction_and_only_once(world: World) -> None:
    middle = START + timedelta(days=30)
    first = world.labels_known(START, middle, since=START)
    second = world.labels_known(middle + timedelta(days=1), LAST, since=START)
    ids = first["transaction_id"].to_pylist() + second["transaction_id"].to_pylist()
    last_known = max(first["label_timestamp"].to_pylist())

    assert len(set(ids)) == len(ids)
    assert last_known < datetime(2025, 2, 6, tzinfo=UTC)


def test_popularity_falls_as_zipfs_law_says(world: World) -> None:
    popularity = np.sort(world.merchants.popularity)[::-1]
    ranks = np.arange(1, len(popularity) + 1)
    slope = np.polyfit(np.log(ranks), np.log(popularity), 1)[0]

    assert slope == pytest.approx(-1.18)


def test_spending_is_over_dispersed_as_real_cards_are(world: World) -> None:
    table = world.transactions(START, START + timedelta(days=27))
    _, counts = np.unique(table["user_id"].to_numpy(), return_counts=True)

    assert counts.var() / counts.mean() > 10
