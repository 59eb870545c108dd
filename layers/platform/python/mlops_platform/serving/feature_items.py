"""How entity states lie in the online feature table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from mlops_platform.features.packing import from_bytes, to_bytes
from mlops_platform.features.state import EntityState

Item = dict[str, Any]
_IS_NEW = "attribute_not_exists(entity)"


@dataclass(kw_only=True)
class StoredState:
    """An entity's state with what the table needs to know about it.

    Parameters
    ----------
    entity
        Key of the item, e.g. ``user#12``.
    state
        The state itself.
    version
        The item's version as it was read; 0 means that there is no item yet.
    materialized_until
        Start of the newest snapshot day that is part of the state, epoch seconds; 0 for none.
    """

    entity: str
    state: EntityState
    version: int = 0
    materialized_until: int = 0

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """Read an item.

        Raises
        ------
        FeatureStateError
            Its state is of another version of the code, or damaged.
        """
        return cls(
            entity=entity_of(item),
            state=from_bytes(item["state"]["B"]),
            version=int(item["version"]["N"]),
            materialized_until=int(item.get("materialized_until", {"N": "0"})["N"]),
        )

    def put(self, table: str) -> Item:
        """Return the PutItem that fails if somebody has changed the item since it was read."""
        request: Item = {
            "TableName": table,
            "Item": {
                **key_of(self.entity),
                "state": {"B": to_bytes(self.state)},
                "version": {"N": str(self.version + 1)},
                "materialized_until": {"N": str(self.materialized_until)},
            },
            "ConditionExpression": _IS_NEW,
        }
        if self.version:
            request["ConditionExpression"] = "version = :read"
            request["ExpressionAttributeValues"] = {":read": {"N": str(self.version)}}
        return request


def key_of(entity: str) -> Item:
    """Return the primary key of an entity's item."""
    return {"entity": {"S": entity}}


def entity_of(item: Mapping[str, Any]) -> str:
    """Return whose item it is."""
    entity: str = item["entity"]["S"]
    return entity


def put_marker(table: str, entity: str, expires_at: int) -> Item:
    """Return the PutItem that marks a transaction as counted until an epoch second."""
    item = {**key_of(entity), "expires_at": {"N": str(expires_at)}}
    return {"TableName": table, "Item": item, "ConditionExpression": _IS_NEW}


def decode_states(stored: Mapping[str, bytes]) -> dict[str, EntityState]:
    """Return states from their stored bytes, by entity."""
    return {entity: from_bytes(data) for entity, data in stored.items()}
