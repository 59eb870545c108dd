"""DynamoDB's transactions on moto: atomic, isolated, and at the cost of the items they touch.

moto prepares for a transaction's failure by copying each whole table once per action, which takes
seconds at a few thousand items; and when the copy comes back, what other threads wrote meanwhile
is gone. Its readers see a transaction half applied, and its streams keep what was taken back.

Here one request to DynamoDB, or to its streams, is answered after the other. That promises more
than DynamoDB, where a BatchGetItem, Query or Scan is isolated from a transaction item by item only:
a program that reads several items and must see them together has to use TransactGetItems, and
nothing here will show that it does not.
"""

import copy
import functools
import threading
from collections.abc import Callable
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler

from local_cloud.patching import replace

_one_request = threading.RLock()


def install() -> None:
    """Replace the backend's transactions and put a lock around all requests."""
    for handler in (DynamoHandler, DynamoDBStreamsHandler):
        _serialise(handler)
    original = replace(DynamoDBBackend, "transact_write_items", lambda *_: None)

    def transact_write_items(
        backend: DynamoDBBackend, transact_items: list[dict[str, Any]]
    ) -> None:
        with _one_request:
            before = [_Before(backend, action) for action in transact_items]
            # Only this thread copies tables while it holds the lock: let the copy be the table.
            Table.__deepcopy__ = lambda table, _memo: table  # type: ignore[attr-defined]
            try:
                original(backend, transact_items)
            except Exception:
                for each in before:
                    each.restore()
                raise
            finally:
                del Table.__deepcopy__  # type: ignore[attr-defined]

    replace(DynamoDBBackend, "transact_write_items", transact_write_items)


def _serialise(handler: type[Any]) -> None:
    original: Callable[..., Any] = replace(handler, "call_action", None)

    @functools.wraps(original)
    def call_action(*arguments: Any, **keywords: Any) -> Any:
        # The answer is written inside: items are changed in place.
        with _one_request:
            return original(*arguments, **keywords)

    replace(handler, "call_action", call_action)


class _Before:
    """The item that an action of a transaction is about, as it was before."""

    def __init__(self, backend: DynamoDBBackend, action: dict[str, Any]) -> None:
        ((_, request),) = action.items()
        self._table = backend.get_table(request["TableName"])
        attributes = request.get("Item") or request["Key"]
        self._hash_key = DynamoType(attributes[self._table.hash_key_attr])
        range_name = self._table.range_key_attr
        self._range_key = DynamoType(attributes[range_name]) if range_name else None
        self._item: Any = copy.deepcopy(self._table.get_item(self._hash_key, self._range_key))
        shard = self._table.stream_shard
        self._n_stream_records = len(shard.items) if shard else 0

    def restore(self) -> None:
        """Put the item back, and forget what the stream has recorded since."""
        if self._item is None:
            self._table.delete_item(self._hash_key, self._range_key)
        elif self._range_key is None:
            self._table.items[self._hash_key] = self._item
        else:
            self._table.items[self._hash_key][self._range_key] = self._item
        if self._table.stream_shard:
            del self._table.stream_shard.items[self._n_stream_records :]
