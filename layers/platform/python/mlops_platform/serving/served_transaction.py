"""A transaction that was predicted, as the online features count it."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.amounts import to_minor
from mlops_platform.features.clock import DAY_SECONDS, parse_instant
from mlops_platform.features.identity import entity_name, id_hash


class ServedTransaction(NamedTuple):
    """One transaction: its id, who paid whom, epoch second, minor units.

    A request need not name its user or its merchant; then there is no entity (None) to count for.
    """

    transaction_id: str
    user: str | None
    merchant: str | None
    timestamp: int
    amount_minor: int

    @property
    def marker(self) -> str:
        """The key under which the table remembers that the transaction was counted."""
        return f"transaction#{self.transaction_id}"

    @property
    def id_hash(self) -> int:
        """The 64-bit hash by which a state recognises it."""
        return id_hash(self.transaction_id)

    @property
    def entities(self) -> list[str]:
        """Whose states it changes."""
        return [entity for entity in (self.user, self.merchant) if entity]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "ServedTransaction":
        """Read a prediction record.

        What a request left out is filled in as the prediction understood it: it happened when it
        was asked about, and a transaction without an id is the prediction itself.

        Raises
        ------
        KeyError, TypeError, ValueError
            Something is missing or is not what a served request could have held.
        """
        features = {name: value for name, value in record["features"].items() if value is not None}
        amount = float(features["amount"])
        if not math.isfinite(amount):
            raise ValueError(f"amount is {amount}")
        merchant = features.get("merchant_id", features.get("merchant"))
        return cls(
            transaction_id=str(features.get("transaction_id", record["prediction_id"])),
            user=_entity(EntityKind.USER, features.get("user_id")),
            merchant=_entity(EntityKind.MERCHANT, merchant),
            timestamp=_happened(features.get("timestamp"), record["timestamp"]),
            amount_minor=to_minor(amount),
        )


def _happened(stated: str | None, predicted: str) -> int:
    """Return when a transaction happened, as stated or else when it was asked about."""
    asked = parse_instant(predicted)
    happened = asked if stated is None else parse_instant(stated)
    if happened > asked + DAY_SECONDS:
        # States forget by age: one event from the future would empty its merchant's windows.
        raise ValueError(f"timestamp {stated} lies after the prediction at {predicted}")
    return happened


def _entity(kind: EntityKind, identifier: object) -> str | None:
    return None if identifier is None else entity_name(kind, str(identifier))
