"""Writes are refused as DynamoDB refuses them, and exactly those that were ordered."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from local_cloud.cloud import LocalCloud
from local_cloud.dynamodb_throttling.shortage import Throttling
from tests.local_cloud.waiting import get, post

ROUTE = "/dynamodb-throttling"
ITEM = {"id": {"S": "x"}}


@pytest.fixture(scope="module")
def dynamodb(cloud: LocalCloud) -> Any:
    """A client that repeats nothing, so that every refusal is seen."""
    assert cloud
    return boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def throttle(cloud: LocalCloud) -> Iterator[Callable[..., None]]:
    """Order refusals; there are none afterwards."""
    yield lambda *tables, **more: post(cloud, ROUTE, {"tables": tables, **more})
    post(cloud, ROUTE, {})


def make_table(dynamodb: Any, **billing: Any) -> str:
    name = f"table-{uuid.uuid4().hex[:8]}"
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        **(billing or {"BillingMode": "PAY_PER_REQUEST"}),
    )
    return name


@pytest.fixture
def table(dynamodb: Any) -> str:
    return make_table(dynamodb)


@pytest.fixture
def other(dynamodb: Any) -> str:
    return make_table(dynamodb)


def items(dynamodb: Any, table: str) -> list[Any]:
    return list(dynamodb.scan(TableName=table)["Items"])


def put(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=ITEM)


def update(dynamodb: Any, table: str) -> None:
    dynamodb.update_item(TableName=table, Key=ITEM)


def delete(dynamodb: Any, table: str) -> None:
    dynamodb.delete_item(TableName=table, Key=ITEM)


def batch(dynamodb: Any, *tables: str) -> Any:
    requests = {table: [{"PutRequest": {"Item": ITEM}}] for table in tables}
    return dynamodb.batch_write_item(RequestItems=requests)["UnprocessedItems"]


def transact(dynamodb: Any, *tables: str) -> None:
    puts = [{"Put": {"TableName": table, "Item": ITEM}} for table in tables]
    dynamodb.transact_write_items(TransactItems=puts)


@pytest.mark.parametrize("write", [put, update, delete, batch])
def test_a_table_on_demand_answers_that_it_is_throttled(
    dynamodb: Any, table: str, throttle: Callable[..., None], write: Callable[..., Any]
) -> None:
    throttle(table)

    with pytest.raises(ClientError, match="Throughput exceeds the current capacity") as refusal:
        write(dynamodb, table)

    answer: Any = refusal.value.response
    assert answer["Error"]["Code"] == "ThrottlingException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    # The class's name is what a state machine catches.
    assert type(refusal.value) is dynamodb.exceptions.ThrottlingException
    assert items(dynamodb, table) == []


def test_a_table_with_provisioned_capacity_has_an_error_of_its_own(
    dynamodb: Any, throttle: Callable[..., None]
) -> None:
    capacity = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    table = make_table(dynamodb, ProvisionedThroughput=capacity)
    throttle(table)

    with pytest.raises(dynamodb.exceptions.ProvisionedThroughputExceededException):
        put(dynamodb, table)
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as cancelled:
        transact(dynamodb, table)

    reasons = cancelled.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["ProvisionedThroughputExceeded"]


def test_a_transaction_is_cancelled_with_the_reason_at_the_throttled_action(
    dynamodb: Any, table: str, other: str, throttle: Callable[..., None]
) -> None:
    throttle(other)

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as cancelled:
        transact(dynamodb, table, other)

    reasons = cancelled.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ThrottlingError"]
    assert "Throughput exceeds" in reasons[1]["Message"]
    assert "[None, ThrottlingError]" in str(cancelled.value)
    assert items(dynamodb, table) == items(dynamodb, other) == []


def test_a_condition_check_needs_capacity_too(
    dynamodb: Any, table: str, other: str, throttle: Callable[..., None]
) -> None:
    throttle(other)
    check = {
        "TableName": other,
        "Key": ITEM,
        "ConditionExpression": "attribute_not_exists(id)",
    }

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(
            TransactItems=[{"Put": {"TableName": table, "Item": ITEM}}, {"ConditionCheck": check}]
        )


def test_a_batch_hands_back_what_a_throttled_table_did_not_take(
    dynamodb: Any, table: str, other: str, throttle: Callable[..., None]
) -> None:
    throttle(other)

    left = batch(dynamodb, table, other)

    assert left == {other: [{"PutRequest": {"Item": ITEM}}]}
    assert items(dynamodb, table) == [ITEM]
    assert items(dynamodb, other) == []


def test_reads_and_other_tables_are_not_throttled(
    dynamodb: Any, table: str, other: str, throttle: Callable[..., None]
) -> None:
    put(dynamodb, table)
    throttle(table)

    put(dynamodb, other)
    transact(dynamodb, other)

    assert dynamodb.get_item(TableName=table, Key=ITEM)["Item"] == ITEM
    assert items(dynamodb, other) == [ITEM]


def test_the_client_s_own_repetitions_outlast_a_short_shortage(
    cloud: LocalCloud, dynamodb: Any, table: str, throttle: Callable[..., None]
) -> None:
    throttle(table, writes=2)

    put(boto3.client("dynamodb"), table)

    assert items(dynamodb, table) == [ITEM]
    assert get(cloud, ROUTE)["refused"] == {table: 2}


def outcomes(request: dict[str, Any], n_writes: int) -> list[bool]:
    """Return which of some writes are refused."""
    throttling = Throttling(lambda: ["table"])
    throttling.throttle({"tables": ["table"], **request})
    return [bool(throttling.refused_tables(["table"])) for _ in range(n_writes)]


@given(st.integers(0, 5), st.integers(0, 5))
def test_so_many_writes_are_refused_after_so_many_were_taken(skip: int, writes: int) -> None:
    refused = outcomes({"skip": skip, "writes": writes}, 15)

    assert refused == [False] * skip + [True] * writes + [False] * (15 - skip - writes)


@given(st.floats(0, 1), st.integers(0, 2**32))
def test_a_share_is_refused_the_same_for_the_same_seed(share: float, seed: int) -> None:
    refused = outcomes({"share": share, "seed": seed}, 400)

    # Five standard deviations of a share of 400.
    assert abs(sum(refused) / 400 - share) <= 5 * 0.025
    assert outcomes({"share": share, "seed": seed}, 400) == refused


def test_a_write_to_two_throttled_tables_counts_once_and_is_told_for_both() -> None:
    throttling = Throttling(lambda: ["a", "b", "c"])
    throttling.throttle({"tables": ["a", "b"], "writes": 1})

    first, second = (throttling.refused_tables(["a", "b", "c"]) for _ in range(2))

    assert (first, second) == ({"a", "b"}, set())
    assert throttling.describe({})["refused"] == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    "request_body",
    [
        {"tables": ["missing"]},
        {"tables": []},
        {"share": 0.5},
        {"tables": ["table"], "share": 2},
        {"tables": ["table"], "writes": -1},
        {"tables": ["table"], "skip": -1},
        {"tables": ["table"], "reads": 1},
    ],
)
def test_an_impossible_shortage_is_refused(request_body: dict[str, Any]) -> None:
    throttling = Throttling(lambda: ["table"])

    with pytest.raises(ValueError, match=r".+"):
        throttling.throttle(request_body)
