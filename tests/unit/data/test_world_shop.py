"""Products and who takes them up: for reasons, over whole lives, the same whenever told."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from mlops_platform.data.validation import load_tables
from mlops_platform.data.world.customers import LONGEST_MEMBERSHIP_DAYS
from mlops_platform.data.world.files import write_days
from mlops_platform.data.world.products import KINDS
from mlops_platform.data.world.take_ups import COMPLEMENT, SUBSTITUTE, kind_effects, wants
from mlops_platform.data.world.world import World
from mlops_platform.features.clock import DAY_SECONDS

START = date(2025, 1, 6)
LAST = START + timedelta(days=99)


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=3, n_users=600)


def test_the_catalogue_has_several_products_of_every_kind(world: World) -> None:
    items = world.items()

    assert 40 <= items.num_rows <= 60
    assert len(set(items["title"].to_pylist())) == items.num_rows
    assert set(items["kind"].to_pylist()) == {kind.name for kind in KINDS}
    assert {name for kind in KINDS for name in kind.after} <= {kind.name for kind in KINDS}


def test_its_tables_pass_the_documented_schemas(tmp_path: Path) -> None:
    small = World(seed=3, n_users=20, n_merchants=20)
    for first in (START, START + timedelta(days=5)):
        write_days(small, tmp_path, first, first + timedelta(days=4), since=START)

    names = ("interactions", "items", "users")
    tables = load_tables(
        {name: tmp_path / name for name in names}, as_of=datetime(2025, 6, 1, tzinfo=UTC)
    )

    last = START + timedelta(days=9)
    assert tables["interactions"].num_rows == small.interactions(START, last, since=START).num_rows
    assert tables["users"].num_rows == 20


def test_a_longer_world_and_a_later_one_hold_the_same_lives(world: World) -> None:
    days = world.interactions(START, LAST, since=START)
    portions = [
        world.interactions(day, day + timedelta(days=9), since=START)
        for day in (START + timedelta(days=10 * n) for n in range(10))
    ]
    week = timedelta(days=7)
    later = world.interactions(START + week, LAST + week, since=START + week)

    assert pa.concat_tables(portions).equals(days)
    for name in ("user_id", "item_id"):
        assert later[name].equals(days[name])
    assert pc.all(pc.equal(pc.subtract(later["timestamp"], days["timestamp"]), week)).as_py()


def test_nobody_takes_a_product_twice_or_before_signing_up(world: World) -> None:
    days = world.interactions(START, LAST, since=START).to_pandas()
    users = world.users(since=START).to_pandas()
    signup = days["user_id"].map(users.set_index("user_id")["signup_timestamp"])

    assert not days.duplicated(["user_id", "item_id"]).any()
    assert (days["timestamp"] > signup).all()
    assert (users["signup_timestamp"].dt.date < START).all()
    longest = START - timedelta(days=LONGEST_MEMBERSHIP_DAYS)
    assert (users["signup_timestamp"].dt.date >= longest).all()


def test_income_bands_are_of_the_incomes_that_people_spend_from(world: World) -> None:
    users = world.users(since=START).to_pandas()
    level = world.people.spending_level
    means = [
        level[users["income_band"] == band].mean()
        for band in ("under 1700", "1700-2299", "2300-2999", "3000-4199", "4200+")
    ]

    assert means == sorted(means)
    assert users["income_band"].isna().mean() == pytest.approx(0.1, abs=0.04)
    assert set(users["age_band"]) == {"18-24", "25-34", "35-44", "45-54", "55-64", "65+"}


def test_the_first_choice_follows_what_people_want(world: World) -> None:
    """Of choices by utility plus Gumbel noise, shares are the softmax of the utilities."""
    taken = world.take_ups
    _, first = np.unique(taken.user, return_index=True)
    utility = wants(world.customers, world.products)
    share = np.exp(utility) / np.exp(utility).sum(axis=1, keepdims=True)
    chosen = np.bincount(taken.item[first], minlength=share.shape[1])

    expected = share.sum(axis=0)
    deviation = (chosen - expected) / np.sqrt(np.sum(share * (1 - share), axis=0))
    # The mean of squared standard deviations is 1, with a standard error of (2 / 48) ** 0.5.
    assert np.mean(deviation**2) == pytest.approx(1.0, abs=0.8)


def test_a_mortgage_makes_its_owner_want_cover_and_no_second_mortgage() -> None:
    names = [kind.name for kind in KINDS]
    effect = kind_effects()
    mortgage = names.index("mortgage")

    assert effect[mortgage, names.index("home_insurance")] == COMPLEMENT
    assert effect[mortgage, mortgage] == -SUBSTITUTE
    assert effect[mortgage, names.index("fund")] == 0


def test_people_take_products_up_as_long_as_the_world_lasts(world: World) -> None:
    in_each_month = [
        len(world.take_ups.between(30 * n * DAY_SECONDS, 30 * (n + 1) * DAY_SECONDS).user)
        for n in range(12)
    ]

    assert min(in_each_month) > 0.9 * max(in_each_month)
