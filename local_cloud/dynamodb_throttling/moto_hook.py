"""Lets moto's tables refuse writes as DynamoDB does; moto's own take whatever comes.

A table on demand answers with `ThrottlingException`, one with provisioned capacity with
`ProvisionedThroughputExceededException`; a transaction is cancelled with the reason at each action
that was throttled, and a batch hands back what was not taken. Reads are never throttled here, nor
are statements in PartiQL.
"""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import (
    ERROR_TYPE_PREFIX,
    DynamodbException,
    TransactionCanceledException,
)
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.responses import DynamoHandler

from local_cloud.dynamodb_throttling.shortage import Throttling
from local_cloud.patching import replace

_SINGLE_WRITES = ("put_item", "update_item", "delete_item")
# As DynamoDB writes them, for tables on demand and for provisioned ones.
_ON_DEMAND = (
    "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically "
    "scaling your table or index so please try again shortly. If exceptions persist, check if you "
    "have a hot key: "
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"
)
_PROVISIONED = (
    "The level of configured provisioned throughput for the table was exceeded. Consider "
    "increasing your provisioning level with the UpdateTable API."
)


class _ThrottledError(DynamodbException):
    def __init__(self, *, on_demand: bool) -> None:
        super().__init__(
            "com.amazon.coral.availability#ThrottlingException"
            if on_demand
            else f"{ERROR_TYPE_PREFIX}ProvisionedThroughputExceededException",
            _ON_DEMAND if on_demand else _PROVISIONED,
        )


def table_names(account: str, region: str) -> list[str]:
    """Return the names of all tables."""
    return list(dynamodb_backends[account][region].tables)


def install(throttling: Throttling) -> None:
    """Let every write ask `throttling` first."""
    for operation in _SINGLE_WRITES:
        _guard_single(operation, throttling)
    _guard_batches(throttling)
    _guard_transactions(throttling)


def _guard_single(operation: str, throttling: Throttling) -> None:
    def write(handler: DynamoHandler) -> ActionResult:
        table = _name(handler.body["TableName"])
        if throttling.refused_tables([table]):
            raise _ThrottledError(on_demand=_is_on_demand(handler, table))
        return original(handler)

    original: Callable[[DynamoHandler], ActionResult] = replace(DynamoHandler, operation, write)


def _guard_batches(throttling: Throttling) -> None:
    def batch_write_item(handler: DynamoHandler) -> ActionResult:
        requests = handler.body["RequestItems"]
        short = throttling.refused_tables(map(_name, requests))
        refused = {table: each for table, each in requests.items() if _name(table) in short}
        if not refused:
            return original(handler)
        if len(refused) == len(requests):
            raise _ThrottledError(on_demand=_is_on_demand(handler, min(short)))
        taken = {table: each for table, each in requests.items() if table not in refused}
        handler.body = {**handler.body, "RequestItems": taken}
        answer: Any = original(handler).result
        return ActionResult({**answer, "UnprocessedItems": refused})

    original: Callable[[DynamoHandler], ActionResult] = replace(
        DynamoHandler, "batch_write_item", batch_write_item
    )


def _guard_transactions(throttling: Throttling) -> None:
    def transact_write_items(handler: DynamoHandler) -> ActionResult:
        # A condition check takes write capacity, too.
        actions = [next(iter(each.values())) for each in handler.body["TransactItems"]]
        tables = [_name(action["TableName"]) for action in actions]
        if short := throttling.refused_tables(tables):
            raise TransactionCanceledException(
                [_reason(handler, table, throttled=table in short) for table in tables]
            )
        return original(handler)

    original: Callable[[DynamoHandler], ActionResult] = replace(
        DynamoHandler, "transact_write_items", transact_write_items
    )


def _reason(
    handler: DynamoHandler, table: str, *, throttled: bool
) -> tuple[str | None, str | None, None]:
    """Return code, message and item of one action's cancellation reason."""
    if not throttled:
        return None, None, None
    if _is_on_demand(handler, table):
        return "ThrottlingError", _ON_DEMAND, None
    return "ProvisionedThroughputExceeded", _PROVISIONED, None


def _is_on_demand(handler: DynamoHandler, table: str) -> bool:
    return handler.dynamodb_backend.get_table(table).billing_mode == "PAY_PER_REQUEST"


def _name(name_or_arn: str) -> str:
    return name_or_arn.rpartition("/")[2]
