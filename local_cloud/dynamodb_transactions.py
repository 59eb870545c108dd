"""DynamoDB's transactions on moto: isolated, and at the cost of the items that they touch.

moto prepares for a transaction's failure by copying each whole table once per action, which takes
seconds at a few thousand items; and when the copy comes back, what other threads wrote meanwhile
is gone.
"""

import copy
import functools
import threading
from collections.abc import Callable
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from local_cloud.patching import replace

_SINGLE_WRITES = ("put_item", "update_item", "delete_item")
# DynamoDB's writes are serialisable; one lock for all of them is the plainest way to be so.
_writing = threading.RLock()


def install() -> None:
    """Replace the backend's writes."""
    for name in _SINGLE_WRITES:
        _serialise(name)
    original = replace(DynamoDBBackend, "transact_write_items", lambda *_: None)

    def transact_write_items(
        backend: DynamoDBBackend, transact_items: list[dict[str, Any]]
    ) -> None:
        with _writing:
            touched = [_touched(backend, action) for action in transact_items]
            # Only this thread copies tables while it holds the lock: let the copy be the table.
            Table.__deepcopy__ = lambda table, _memo: table  # type: ignore[attr-defined]
            try:
                original(backend, transact_items)
            except Exception:
                for table, key, item in touched:
                    _put_back(table, key, item)
                raise
            finally:
                del Table.__deepcopy__  # type: ignore[attr-defined]

    replace(DynamoDBBackend, "transact_write_items", transact_write_items)


def _serialise(name: str) -> None:
    original: Callable[..., Any] = replace(DynamoDBBackend, name, None)

    @functools.wraps(original)
    def write(*arguments: Any, **keywords: Any) -> Any:
        with _writing:
            return original(*arguments, **keywords)

    replace(DynamoDBBackend, name, write)


def _touched(
    backend: DynamoDBBackend, action: dict[str, Any]
) -> tuple[Table, tuple[DynamoType, DynamoType | None], Any]:
    """Return the item that an action is about, as it is before."""
    ((_, request),) = action.items()
    table = backend.get_table(request["TableName"])
    attributes = request.get("Item") or request["Key"]
    hash_key = DynamoType(attributes[table.hash_key_attr])
    range_name = table.range_key_attr
    range_key = DynamoType(attributes[range_name]) if range_name else None
    return table, (hash_key, range_key), copy.deepcopy(table.get_item(hash_key, range_key))


def _put_back(table: Table, key: tuple[DynamoType, DynamoType | None], item: Any) -> None:
    hash_key, range_key = key
    if item is None:
        table.delete_item(hash_key, range_key)
    elif range_key is None:
        table.items[hash_key] = item
    else:
        table.items[hash_key][range_key] = item
