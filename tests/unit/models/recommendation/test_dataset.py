"""What was known of a user right before each take-up, and nothing later."""

from typing import Any

import numpy as np
import pandas as pd

from mlops_platform.bundle.signature import MAX_IDENTIFIERS
from mlops_platform.models.recommendation.dataset import RecommendationDataset, from_tables

DAY = 86_400
ITEMS = pd.DataFrame(
    {"item_id": ["c", "a", "b"], "kind": "card", "title": ["Title C", "Title A", "Title B"]}
)
USERS = pd.DataFrame(
    {
        "user_id": ["ann", "bob", "eve"],
        "signup_timestamp": pd.Timestamp("2024-12-31", tz="UTC"),
        "age_band": ["25-34", "65+", "18-24"],
        "region": ["east", None, "west"],
        "income_band": None,
    }
)


def dataset(*events: tuple[str, str, int], as_of: int = 100 * DAY) -> RecommendationDataset:
    """Take-ups by (user, item, day since 1970)."""
    table = pd.DataFrame(events, columns=["user_id", "item_id", "day"])
    table["timestamp"] = pd.to_datetime(table["day"] * DAY, unit="s", utc=True)
    return from_tables(table.drop(columns="day"), ITEMS, USERS, as_of)


def told(data: RecommendationDataset) -> list[tuple[list[str], dict[str, Any], str]]:
    rows = np.arange(len(data))
    return [
        (list(customer.owned), dict(customer.columns), data.catalogue.item_ids[data.item[row]])
        for row, customer in zip(rows, data.customers(rows), strict=True)
    ]


def test_a_take_up_comes_with_what_was_there_before_it_in_the_order_of_time() -> None:
    data = dataset(("ann", "c", 3), ("bob", "a", 2), ("ann", "a", 5), ("ann", "b", 4))
    ann = {"age_band": "25-34", "region": "east", "income_band": None}
    bob = {"age_band": "65+", "region": None, "income_band": None}

    assert told(data) == [
        ([], bob, "a"),
        ([], ann, "c"),
        (["c"], ann, "b"),
        (["c", "b"], ann, "a"),
    ]


def test_places_count_from_the_newest() -> None:
    data = dataset(("ann", "c", 3), ("bob", "a", 2), ("ann", "a", 5), ("ann", "b", 4))
    everything = np.ones(len(data), dtype=bool)

    assert data.places(everything).toarray().tolist() == [[1, 2, 3], [1, 0, 0]]
    assert data.places(data.timestamp < 5 * DAY).toarray().tolist() == [[0, 1, 2], [1, 0, 0]]
    assert data.choices(np.arange(len(data))).places.toarray().tolist() == [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 1],
        [0, 1, 2],
    ]


def test_take_ups_of_one_moment_do_not_know_each_other() -> None:
    data = dataset(("ann", "c", 3), ("ann", "a", 5), ("ann", "b", 5))

    assert [owned for owned, _, _ in told(data)] == [[], ["c"], ["c"]]


def test_what_comes_at_the_moment_of_training_or_later_is_not_there() -> None:
    data = dataset(("ann", "c", 3), ("ann", "a", 5), ("ann", "c", 6), as_of=5 * DAY)

    assert data.timestamp.tolist() == [3 * DAY]


def test_an_item_taken_up_again_is_no_second_choice() -> None:
    data = dataset(("ann", "c", 3), ("ann", "a", 5), ("ann", "c", 6))

    assert [(owned, item) for owned, _, item in told(data)] == [([], "c"), (["c"], "a")]


def test_what_happens_later_changes_nothing_of_what_was_known_before() -> None:
    early = [("ann", "c", 3), ("bob", "a", 2), ("ann", "a", 5)]
    later = [("ann", "c", 6), ("bob", "b", 7), ("bob", "a", 8), ("ann", "b", 9)]

    assert told(dataset(*early, *later))[: len(early)] == told(dataset(*early))


def test_the_catalogue_holds_all_items_and_the_values_of_those_who_take_up() -> None:
    catalogue = dataset(("ann", "c", 3), ("bob", "a", 2), ("zoe", "b", 2)).catalogue

    assert catalogue.item_ids == ("a", "b", "c")
    assert catalogue.titles == ("Title A", "Title B", "Title C")
    assert catalogue.column_values == {
        "age_band": ("25-34", "65+"),
        "region": ("east",),
        "income_band": (),
    }
    assert catalogue.column_rows({"age_band": "65+", "region": None}).tolist() == [1, 3, 3]


def test_a_user_who_is_in_no_table_is_one_of_whom_nothing_is_known() -> None:
    ((owned, columns, _),) = told(dataset(("zoe", "b", 2)))

    assert owned == []
    assert set(columns.values()) == {None}


def test_a_history_is_no_longer_than_a_request_may_be() -> None:
    n = MAX_IDENTIFIERS + 5
    items = pd.DataFrame({"item_id": [f"i{k:04}" for k in range(n)], "kind": "k", "title": "t"})
    events = pd.DataFrame({"user_id": "ann", "item_id": items["item_id"]})
    events["timestamp"] = pd.to_datetime(np.arange(n) * DAY, unit="s", utc=True)
    data = from_tables(events, items, USERS, n * DAY)

    history = data.history(n - 1).tolist()

    assert history == list(range(4, n - 1))
    assert len(history) == MAX_IDENTIFIERS
