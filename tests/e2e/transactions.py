"""Transactions as tests send them, and what the platform must know of them afterwards."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from mlops_platform.aws.clients import client
from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.identity import entity_name, id_hash
from mlops_platform.features.packing import from_bytes
from mlops_platform.features.state import DayBucket, EntityState, RecentEvent
from mlops_platform.sdk.discovery import discover
from tests.e2e.platform import MODEL, Platform

N_TRANSACTIONS = 300
N_USERS, N_MERCHANTS = 12, 7
SPREAD_SECONDS = 30 * 3_600
_DAY_SECONDS = 86_400


class Sent(NamedTuple):
    """One transaction as a test sends it; the amount in minor units, the time in seconds."""

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


def make_transactions(name: str, first: datetime, n: int = N_TRANSACTIONS) -> list[Sent]:
    """Return the same transactions for every name, but for who takes part in them."""
    draw = random.Random(11)  # noqa: S311 (test data)
    return [
        Sent(
            transaction_id=f"{name}-{number}",
            user_id=f"{name}-user-{draw.randrange(N_USERS)}",
            merchant_id=f"{name}-shop-{draw.randrange(N_MERCHANTS)}",
            timestamp=int((first + timedelta(seconds=draw.randrange(SPREAD_SECONDS))).timestamp()),
            amount_minor=draw.randrange(1, 50_000),
        )
        for number in range(n)
    ]


def send_batch(platform: Platform, transactions: Sequence[Sent]) -> list[str]:
    """Have transactions predicted in one request; return the predictions' ids."""
    body = {"instances": [each.features for each in transactions]}
    answer = platform.api.call("POST", f"/ml/{MODEL}/batch_predict", body)
    return [each["prediction_id"] for each in answer["predictions"]]


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
