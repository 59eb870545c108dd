"""Online features are the same however badly the road from the log treats the predictions."""

import concurrent.futures
import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from mlops_platform.aws.clients import client
from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.identity import entity_name, id_hash
from mlops_platform.features.packing import from_bytes
from mlops_platform.features.state import DayBucket, EntityState, RecentEvent
from mlops_platform.sdk.discovery import discover
from tests.e2e.platform import MODEL, Platform

N_TRANSACTIONS = 300
N_USERS, N_MERCHANTS = 12, 7
_SENDERS = 4
_SPREAD_SECONDS = 30 * 3_600
_DAY_SECONDS = 86_400


class Sent(NamedTuple):
    """One transaction as the test sends it; the amount in minor units, the time in seconds."""

    transaction_id: str
    user_id: str
    merchant_id: str
    timestamp: int
    amount_minor: int

    @property
    def features(self) -> dict[str, Any]:
        return {
            "transaction_id": self.transaction_id,
            "user_id": self.user_id,
            "merchant_id": self.merchant_id,
            "timestamp": datetime.fromtimestamp(self.timestamp, UTC).isoformat(),
            "amount": self.amount_minor / 100,
        }


def make_transactions(name: str, first: datetime) -> list[Sent]:
    """Return the same transactions for every name, but for who takes part in them."""
    draw = random.Random(11)  # noqa: S311 (test data)
    return [
        Sent(
            transaction_id=f"{name}-{number}",
            user_id=f"{name}-user-{draw.randrange(N_USERS)}",
            merchant_id=f"{name}-shop-{draw.randrange(N_MERCHANTS)}",
            timestamp=int((first + timedelta(seconds=draw.randrange(_SPREAD_SECONDS))).timestamp()),
            amount_minor=draw.randrange(1, 50_000),
        )
        for number in range(N_TRANSACTIONS)
    ]


def expected_states(transactions: Sequence[Sent]) -> dict[str, EntityState]:
    """Add up what each user and merchant did, without the code that folds it online."""
    groups: dict[str, tuple[EntityKind, list[Sent]]] = {}
    for each in transactions:
        for kind, identifier in (
            (EntityKind.USER, each.user_id),
            (EntityKind.MERCHANT, each.merchant_id),
        ):
            groups.setdefault(entity_name(kind, identifier), (kind, []))[1].append(each)
    return {entity: _state(kind, group) for entity, (kind, group) in groups.items()}


def _state(kind: EntityKind, group: Sequence[Sent]) -> EntityState:
    times = [each.timestamp for each in group]
    days = sorted({time // _DAY_SECONDS for time in times})
    recent = sorted(
        RecentEvent(each.timestamp, id_hash(each.transaction_id), each.amount_minor)
        for each in group
    )
    return EntityState(
        kind=kind,
        total=_bucket(group),
        days={
            day: _bucket([t for t in group if t.timestamp // _DAY_SECONDS == day]) for day in days
        },
        recent=recent if kind is EntityKind.USER else [],
        first_timestamp=min(times),
        newest_timestamp=max(times),
    )


def _bucket(group: Sequence[Sent]) -> DayBucket:
    amounts = [each.amount_minor for each in group]
    return DayBucket(n=len(amounts), amount=sum(amounts), squares=sum(a * a for a in amounts))


def send(platform: Platform, transactions: Sequence[Sent]) -> dict[str, Any]:
    """Have every transaction predicted; return what the road tells when it is empty again."""

    def predict(transaction: Sent) -> int:
        request = {"features": transaction.features}
        return platform.api.request("POST", f"/ml/{MODEL}/predict", request).status

    with concurrent.futures.ThreadPoolExecutor(_SENDERS) as senders:
        assert set(senders.map(predict, transactions)) == {200}
    told: dict[str, Any] = platform.admin("POST", "/subscriptions/drain")
    assert told["drained"] is True
    return told


def stored_states(platform: Platform, transactions: Sequence[Sent]) -> dict[str, EntityState]:
    """Return the online states of all who take part in transactions; who has none is left out."""
    table = discover(platform.config, "feature_table")
    entities = {entity_name(EntityKind.USER, each.user_id) for each in transactions}
    entities |= {entity_name(EntityKind.MERCHANT, each.merchant_id) for each in transactions}
    answers = (
        client("dynamodb").get_item(
            TableName=table, Key={"entity": {"S": entity}}, ConsistentRead=True
        )
        for entity in entities
    )
    items = [answer["Item"] for answer in answers if "Item" in answer]
    return {item["entity"]["S"]: from_bytes(item["state"]["B"]) for item in items}


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
    transactions = make_transactions("faulty", road.moment(100))
    faults = {"delay_seconds": 0.3, "duplicate": 0.6, "rebatch": 0.6, "reorder": 0.6, "seed": 5}
    before = road.admin("POST", "/subscription-faults", faults)

    told = send(road, transactions)

    assert min(told[f"batches_{done}"] for done in ("duplicated", "rebatched", "overtaken")) >= 1
    assert told["records_failed"] == before["records_failed"]
    assert told["records_delivered"] - before["records_delivered"] > N_TRANSACTIONS
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
