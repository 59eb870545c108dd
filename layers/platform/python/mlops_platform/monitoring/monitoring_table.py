"""The table in which monitoring remembers: one key space for all, writes of all or nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from mlops_platform.aws.backoff import pause
from mlops_platform.errors import CaptureConflictError

Item = dict[str, Any]
# DynamoDB's own limits for one TransactWriteItems and one BatchGetItem.
MAX_ACTIONS: Final = 100
MAX_KEYS: Final = 100
# All places lie between these two.
FIRST: Final = "!"
LAST: Final = "~"
# How often a writer builds its write anew before it leaves the field to the others.
MAX_ATTEMPTS: Final = 10
# Why DynamoDB cancels a transaction: somebody else was faster, or the same may succeed in a while.
_LOST: Final = "ConditionalCheckFailed"
_TRANSIENT: Final = {
    _LOST,
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "None",
}


@dataclass(frozen=True)
class MonitoringTable:
    """The monitoring table.

    Parameters
    ----------
    dynamodb
        The boto3 client.
    name
        The table's name.
    """

    dynamodb: Any
    name: str

    def read(self, keys: Iterable[tuple[str, str]]) -> list[Item]:
        """Return the items that exist, as the last acknowledged write left them.

        Parameters
        ----------
        keys
            Partition and place of each.

        Raises
        ------
        CaptureConflictError
            The table is throttled.
        """
        wanted = [key(*each) for each in sorted(set(keys))]
        chunks = (wanted[at : at + MAX_KEYS] for at in range(0, len(wanted), MAX_KEYS))
        return [item for chunk in chunks for item in self._read_chunk(chunk)]

    def query(
        self, partition: str, first: str = FIRST, last: str = LAST, **more: Any
    ) -> Iterator[Item]:
        """Yield a partition's items from place `first` to place `last`, in their order."""
        values = {":partition": partition, ":first": first, ":last": last}
        given = more.pop("ExpressionAttributeValues", {})
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.name,
            ConsistentRead=True,
            KeyConditionExpression="#partition = :partition AND place BETWEEN :first AND :last",
            ExpressionAttributeNames={"#partition": "partition"},
            ExpressionAttributeValues={**{k: {"S": v} for k, v in values.items()}, **given},
            **more,
        )
        for page in pages:
            yield from page["Items"]

    def write(self, actions: Sequence[Item]) -> bool:
        """Write up to `MAX_ACTIONS` actions together; False when a condition of theirs fails.

        Parameters
        ----------
        actions
            Actions of TransactWriteItems without their table.

        Raises
        ------
        CaptureConflictError
            The table is throttled, or others write the same items without end.
        ClientError
            The write would fail again.
        """
        named = [
            {kind: {"TableName": self.name, **request}}
            for action in actions
            for kind, request in action.items()
        ]
        for attempt in range(MAX_ATTEMPTS):
            try:
                self.dynamodb.transact_write_items(TransactItems=named)
            except self.dynamodb.exceptions.TransactionCanceledException as error:
                reasons = _reasons(error)
                if not reasons <= _TRANSIENT:
                    raise
                if _LOST in reasons:
                    return False
            else:
                return True
            pause(attempt)
        raise self._throttled()

    def _read_chunk(self, chunk: Sequence[Item]) -> Iterator[Item]:
        wanted = {self.name: {"Keys": list(chunk), "ConsistentRead": True}}
        for attempt in range(MAX_ATTEMPTS):
            answer = self.dynamodb.batch_get_item(RequestItems=wanted)
            yield from answer["Responses"].get(self.name, [])
            wanted = answer.get("UnprocessedKeys") or {}
            if not wanted:
                return
            pause(attempt)
        raise self._throttled()

    def _throttled(self) -> CaptureConflictError:
        return CaptureConflictError(f"{self.name} is throttled; repeat the call in a while.")


def key(partition: str, place: str) -> Item:
    """Return an item's primary key."""
    return {"partition": {"S": partition}, "place": {"S": place}}


def text(item: Item, attribute: str) -> str:
    """Return a text of an item."""
    return str(item[attribute]["S"])


def number(item: Item, attribute: str, default: int = 0) -> int:
    """Return a whole number of an item."""
    return int(item[attribute]["N"]) if attribute in item else default


def _reasons(error: ClientError) -> set[str]:
    """Return why a transaction was cancelled."""
    reasons = error.response.get("CancellationReasons", [])
    return {reason.get("Code", "None") for reason in reasons}
