"""Online features are the same however badly the road from the log treats the predictions."""

import concurrent.futures
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.e2e.platform import MODEL, Platform
from tests.e2e.transactions import (
    N_TRANSACTIONS,
    Sent,
    expected_states,
    make_transactions,
    stored_states,
)

_SENDERS = 4
_MOST_ROUNDS = 20


def send(platform: Platform, transactions: Sequence[Sent]) -> dict[str, Any]:
    """Have every transaction predicted; return what the road tells when it is empty again."""
    predict(platform, transactions)
    return empty(platform)


def predict(platform: Platform, transactions: Sequence[Sent]) -> None:
    """Have every transaction predicted; the records are under way then."""

    def status(transaction: Sent) -> int:
        request = {"features": transaction.features}
        return platform.api.request("POST", f"/ml/{MODEL}/predict", request).status

    with concurrent.futures.ThreadPoolExecutor(_SENDERS) as senders:
        assert set(senders.map(status, transactions)) == {200}


def empty(platform: Platform) -> dict[str, Any]:
    """Wait until nothing is on the road any more; return what it tells."""
    told: dict[str, Any] = platform.admin("POST", "/subscriptions/drain")
    assert told["drained"] is True
    return told


@pytest.fixture
def road(platform: Platform) -> Iterator[Platform]:
    """The platform; its road from the log is sound again afterwards."""
    yield platform
    platform.admin("POST", "/subscription-faults", {"drop": 0})


def test_predictions_reach_the_online_features_as_they_were_sent(road: Platform) -> None:
    transactions = make_transactions("sound", road.moment(100))

    send(road, transactions)

    assert stored_states(road, transactions) == expected_states(transactions)


def test_delay_repetition_other_batches_and_order_change_no_feature(road: Platform) -> None:
    faults = {"delay_seconds": 0.3, "duplicate": 0.8, "rebatch": 0.8, "reorder": 0.8, "seed": 5}
    told = before = road.admin("POST", "/subscription-faults", faults)
    transactions: list[Sent] = []

    # How records meet in batches is the machine's affair: send until each fault has struck. Nobody
    # waits for the road meanwhile, for what was held back would only be brought, and never passed.
    while min(told[f"batches_{done}"] for done in ("duplicated", "rebatched", "overtaken")) < 1:
        assert len(transactions) < _MOST_ROUNDS * N_TRANSACTIONS
        more = make_transactions(f"faulty-{len(transactions)}", road.moment(100))
        predict(road, more)
        transactions += more
        told = road.admin("GET", "/subscription-faults")
    told = empty(road)

    assert told["records_failed"] == before["records_failed"]
    assert told["records_delivered"] - before["records_delivered"] > len(transactions)
    assert stored_states(road, transactions) == expected_states(transactions)


def test_exactly_the_dropped_predictions_are_missing_from_the_features(road: Platform) -> None:
    transactions = make_transactions("lossy", road.moment(100))
    road.admin("POST", "/subscription-faults", {"drop": 0.2, "reorder": 0.5, "seed": 5})

    told = send(road, transactions)

    records = road.admin("GET", "/subscription-faults/dropped")
    # The features' subscription is one of two; each loses records of its own.
    lost = [each for each in records if "UpdateFeatures" in each["destination_arn"]]
    dropped = {json.loads(each["message"])["features"]["transaction_id"] for each in lost}
    left = [each for each in transactions if each.transaction_id not in dropped]
    assert told["records_dropped"] == len(records)
    assert 0 < len(dropped) == len(lost) == len(transactions) - len(left)
    assert stored_states(road, transactions) == expected_states(left)
