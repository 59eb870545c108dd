"""The ledger's table: entries by model and place, and writes of all or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlops_platform.registry.ledger_entry import LedgerEntry, key_of

# Why DynamoDB cancels a transaction that may succeed when it is built anew.
_TRANSIENT = {
    "ConditionalCheckFailed",
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "None",
}


@dataclass(frozen=True)
class LedgerTable:
    """Reads entries, and appends them to where nothing stands yet.

    Parameters
    ----------
    dynamodb
        boto3's low-level client.
    name
        The table's name.
    """

    dynamodb: Any
    name: str

    def head(self, model_name: str) -> LedgerEntry | None:
        """Return a model's newest entry, or None if there is none."""
        found = self.dynamodb.query(**self._query(model_name), ScanIndexForward=False, Limit=1)
        return next((LedgerEntry.from_item(item) for item in found["Items"]), None)

    def entries(self, model_name: str) -> Iterator[LedgerEntry]:
        """Yield a model's entries, the oldest first."""
        pages = self.dynamodb.get_paginator("query").paginate(**self._query(model_name))
        for page in pages:
            yield from (LedgerEntry.from_item(item) for item in page["Items"])

    def append(
        self, previous: LedgerEntry | None, entry: LedgerEntry, *others: dict[str, Any]
    ) -> LedgerEntry | None:
        """Write an entry after `previous`, and with it `others`, the rest of the transaction.

        Returns
        -------
        LedgerEntry or None
            The entry; None if it was refused and has to be made anew.
        """
        actions = [{"Put": {**self._is_free(), "Item": entry.to_item()}}, *others]
        if previous is not None:
            actions.append(self._still_there(previous))
        if self.write(actions):
            return entry
        # boto3 repeats a write whose answer was lost; then the refusal is our own success.
        stored = self._read(entry.model_name, entry.sequence)
        return stored if stored is not None and _is_repetition(stored, entry) else None

    def nothing_after(self, entry: LedgerEntry) -> dict[str, Any]:
        """Return the part of a transaction that asks for `entry` to be the newest still."""
        key = key_of(entry.model_name, entry.sequence + 1)
        return {"ConditionCheck": {**self._is_free(), "Key": key}}

    def write(self, actions: list[dict[str, Any]]) -> bool:
        """Write all or nothing; return False for nothing, if it may go through another time.

        Raises
        ------
        ClientError
            The write would fail again.
        """
        try:
            self.dynamodb.transact_write_items(TransactItems=actions)
        except self.dynamodb.exceptions.TransactionCanceledException as error:
            reasons = error.response.get("CancellationReasons", [])
            if not {reason.get("Code", "None") for reason in reasons} <= _TRANSIENT:
                raise
            return False
        return True

    def _read(self, model_name: str, sequence: int) -> LedgerEntry | None:
        answer = self.dynamodb.get_item(
            TableName=self.name, Key=key_of(model_name, sequence), ConsistentRead=True
        )
        return LedgerEntry.from_item(answer["Item"]) if "Item" in answer else None

    def _query(self, model_name: str) -> dict[str, Any]:
        return {
            "TableName": self.name,
            "ConsistentRead": True,
            "KeyConditionExpression": "model_name = :model",
            "ExpressionAttributeValues": {":model": {"S": model_name}},
        }

    def _is_free(self) -> dict[str, Any]:
        condition = "attribute_not_exists(model_name)"
        return {"TableName": self.name, "ConditionExpression": condition}

    def _still_there(self, entry: LedgerEntry) -> dict[str, Any]:
        return {
            "ConditionCheck": {
                "TableName": self.name,
                "Key": key_of(entry.model_name, entry.sequence),
                "ConditionExpression": "#hash = :hash",
                "ExpressionAttributeNames": {"#hash": "hash"},
                "ExpressionAttributeValues": {":hash": {"S": entry.hash}},
            }
        }


def _is_repetition(stored: LedgerEntry, entry: LedgerEntry) -> bool:
    return (stored.previous_hash, stored.transition, stored.cause.operation) == (
        entry.previous_hash,
        entry.transition,
        entry.cause.operation,
    )
