"""What purchases are: more than the merchant settles it; told late, rarely, sometimes wrong."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from mlops_platform.data.world.categories import (
    CATEGORIES,
    MARKETPLACE_SHARE,
    NAMES,
    OWN_WAY_SHARE,
)
from mlops_platform.data.world.category_labels import LABELLED_SHARE, WRONG_SHARE
from mlops_platform.data.world.descriptors import MAX_DESCRIPTOR
from mlops_platform.data.world.merchants import KINDS
from mlops_platform.data.world.randomness import Stream, uniform_of
from mlops_platform.data.world.world import World

START = date(2025, 1, 6)
DAYS = [START + timedelta(days=n) for n in range(40)]


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=3)


@pytest.fixture(scope="module")
def purchases(world: World) -> pd.DataFrame:
    """All transactions, with what they truly are and what was said of them."""
    days = [world.day(day) for day in DAYS]
    table = pd.concat([day.transactions.to_pandas() for day in days], ignore_index=True)
    table["truth"] = NAMES[np.concatenate([day.category for day in days])]
    said = pd.concat([day.category_labels.to_pandas() for day in days])
    return pd.DataFrame(table.merge(said, on="transaction_id", how="left"))


def merchant_numbers(purchases: pd.DataFrame) -> NDArray[np.int64]:
    return np.array([int(name[1:]) for name in purchases["merchant_id"]], dtype=np.int64)


def test_every_kind_of_merchant_has_a_category_of_its_own() -> None:
    assert len(CATEGORIES) == len(KINDS) == len(set(NAMES))


def test_the_best_rule_by_merchant_alone_is_right_as_often_as_on_real_cards(
    purchases: pd.DataFrame,
) -> None:
    # Birmingham purchase cards: .898 in-sample.
    right = purchases.groupby("merchant_id")["truth"].agg(lambda s: s.value_counts().iloc[0])

    assert 0.87 < right.sum() / len(purchases) < 0.93


def test_a_person_files_a_place_always_in_the_same_way(
    world: World, purchases: pd.DataFrame
) -> None:
    number = merchant_numbers(purchases)
    mixed = uniform_of(world.seed, Stream.MARKETPLACES, number) < MARKETPLACE_SHARE
    of_one_kind = purchases[~mixed].groupby(["user_id", "merchant_id"])["truth"].nunique()

    assert (of_one_kind == 1).all()


def test_some_people_file_a_place_in_a_way_of_their_own(
    world: World, purchases: pd.DataFrame
) -> None:
    number = merchant_numbers(purchases)
    mixed = uniform_of(world.seed, Stream.MARKETPLACES, number) < MARKETPLACE_SHARE
    usual = NAMES[world.merchants.kind[number]]
    own = (purchases["truth"].to_numpy() != usual)[~mixed]

    assert own.mean() == pytest.approx(OWN_WAY_SHARE, abs=0.01)


def test_labels_come_for_some_and_few_are_wrong(purchases: pd.DataFrame) -> None:
    said = purchases.dropna(subset=["category"])
    # A wrong label is drawn from all categories and may be right by chance.
    wrong = WRONG_SHARE * (1 - 1 / len(CATEGORIES))

    assert len(said) / len(purchases) == pytest.approx(LABELLED_SHARE, abs=0.01)
    assert (said["category"] != said["truth"]).mean() == pytest.approx(wrong, abs=0.004)
    assert (said["label_timestamp"] > said["timestamp"]).all()


def test_statement_lines_are_as_long_and_as_messy_as_real_ones(purchases: pd.DataFrame) -> None:
    lines = purchases["description"]

    assert lines.str.len().max() <= MAX_DESCRIPTOR
    assert 15 <= lines.str.len().median() <= 20
    assert 0.10 < lines.str.contains(r"\d").mean() < 0.20


def test_what_is_true_of_a_thing_for_ever_is_uniform_and_the_same_in_any_order() -> None:
    keys = np.arange(100_000)
    drawn = uniform_of(3, Stream.OWN_WAYS, keys)

    assert (uniform_of(3, Stream.OWN_WAYS, keys[::-1]) == drawn[::-1]).all()
    assert (uniform_of(4, Stream.OWN_WAYS, keys) != drawn).mean() > 0.99
    # Kolmogorov and Smirnov's distance is below 1.63 / sqrt(n) in 99 of 100 samples.
    assert np.abs(np.sort(drawn) - (keys + 0.5) / len(keys)).max() < 1.63 / np.sqrt(len(keys))
