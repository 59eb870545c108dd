"""The generated world: seeded, prefix-stable, calibrated, honest about what is known when."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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

    assert tables_of(tmp_path)["transactions"].num_rows > 100_000


def test_fraud_is_as_rare_as_in_the_handbook(world: World) -> None:
    days = [world.day(START + timedelta(days=n)) for n in range(60)]
    fraud = np.concatenate([day.scenario != "" for day in days])

    assert 0.005 < fraud.mean() < 0.012


def test_a_label_is_there_once_it_is_known_and_not_before(world: World) -> None:
    middle = START + timedelta(days=30)
    early = world.labels(START, middle, until=middle)
    late = world.labels(START, middle, until=LAST)
    midnight = datetime(2025, 2, 6, tzinfo=UTC)
    ids = late["transaction_id"].to_pylist()

    assert len(set(ids)) == len(ids) > early.num_rows
    assert max(early["label_timestamp"].to_pylist()) < midnight
    assert late.filter(pc.less(late["label_timestamp"], pa.scalar(midnight))).equals(early)


def tables_of(folder: Path) -> dict[str, pa.Table]:
    names = ("transactions", "fraud_labels", "category_labels")
    return load_tables(
        {name: folder / name for name in names}, as_of=datetime(2025, 6, 1, tzinfo=UTC)
    )


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


@pytest.mark.parametrize("n_days", [7, 40])
def test_a_world_written_in_portions_is_the_world_written_at_once(
    world: World, tmp_path: Path, n_days: int
) -> None:
    write_days(world, tmp_path / "once", START, LAST, since=START)

    first = START
    while first <= LAST:
        last = min(first + timedelta(days=n_days - 1), LAST)
        write_days(world, tmp_path / "portions", first, last, since=START)
        first = last + timedelta(days=1)

    assert content_of(tmp_path / "portions") == content_of(tmp_path / "once")


def test_days_written_again_replace_themselves(world: World, tmp_path: Path) -> None:
    known = LAST + timedelta(days=60)
    second = START + timedelta(days=1)
    write_days(world, tmp_path, START, LAST - timedelta(days=1), since=START, known_until=known)
    before = content_of(tmp_path)

    write_days(world, tmp_path, second, LAST, since=second, known_until=known)

    after = content_of(tmp_path)
    by_day = ("transactions", "fraud_labels", "category_labels", "interactions", "utterances")
    assert after.keys() - before.keys() == {f"{table}/{LAST}.parquet" for table in by_day}
    # Lives as customers move with the world's first day.
    lives = ("interactions", "users")
    kept = [name for name in before if not name.startswith(lives)]
    assert all(after[name] == before[name] for name in kept)
    tables = tables_of(tmp_path)
    assert tables["transactions"].num_rows == world.transactions(START, LAST).num_rows
    assert tables["fraud_labels"].num_rows == world.labels(START, LAST, until=known).num_rows


def test_a_smaller_world_may_replace_days_of_a_larger_one(world: World, tmp_path: Path) -> None:
    week = START + timedelta(days=6)
    write_days(world, tmp_path, START, LAST, since=START)

    write_days(World(seed=4, n_users=300), tmp_path, START, week, since=START)

    assert tables_of(tmp_path)["transactions"].num_rows > 50_000


def test_popularity_falls_as_zipfs_law_says(world: World) -> None:
    popularity = np.sort(world.merchants.popularity)[::-1]
    ranks = np.arange(1, len(popularity) + 1)
    slope = np.polyfit(np.log(ranks), np.log(popularity), 1)[0]

    assert slope == pytest.approx(-1.18)


def test_spending_is_over_dispersed_as_real_cards_are(world: World) -> None:
    table = world.transactions(START, START + timedelta(days=27))
    _, counts = np.unique(table["user_id"].to_numpy(), return_counts=True)

    assert counts.var() / counts.mean() > 10
