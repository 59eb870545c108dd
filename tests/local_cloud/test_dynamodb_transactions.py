"""Transactions apply as a whole or not at all, whoever looks on."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.models.table import Table

from local_cloud.cloud import LocalCloud

# As long as a reader that is not kept out needs, many times over.
_READER_SECONDS = 0.5


@pytest.fixture
def table(cloud: LocalCloud) -> str:  # noqa: ARG001 - it must run
    """A table with a stream."""
    name = f"table-{uuid.uuid4().hex[:8]}"
    boto3.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "part", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "part", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    return name


def key(part: str) -> Any:
    return {"id": {"S": "x"}, "part": {"S": part}}


def write_pair(table: str, *, fails: bool = False) -> None:
    """Write a and b in one transaction; the condition for b may fail after a was applied."""
    condition = {"ConditionExpression": "attribute_exists(id)"} if fails else {}
    actions: Any = [
        {"Put": {"TableName": table, "Item": key("a")}},
        {"Put": {"TableName": table, "Item": key("b"), **condition}},
    ]
    boto3.client("dynamodb").transact_write_items(TransactItems=actions)


def get(table: str) -> list[str]:
    answer = boto3.client("dynamodb").get_item(TableName=table, Key=key("a"))
    return ["a"] if "Item" in answer else []


def batch_get(table: str) -> list[str]:
    request: Any = {table: {"Keys": [key("a"), key("b")]}}
    answer = boto3.client("dynamodb").batch_get_item(RequestItems=request)
    return sorted(item["part"]["S"] for item in answer["Responses"][table])


def transact_get(table: str) -> list[str]:
    gets: Any = [{"Get": {"TableName": table, "Key": key(part)}} for part in "ab"]
    answer = boto3.client("dynamodb").transact_get_items(TransactItems=gets)
    return [each["Item"]["part"]["S"] for each in answer["Responses"] if "Item" in each]


def query(table: str) -> list[str]:
    answer = boto3.client("dynamodb").query(
        TableName=table,
        KeyConditionExpression="id = :id",
        ExpressionAttributeValues={":id": {"S": "x"}},
    )
    return sorted(item["part"]["S"] for item in answer["Items"])


def scan(table: str) -> list[str]:
    return sorted(
        item["part"]["S"] for item in boto3.client("dynamodb").scan(TableName=table)["Items"]
    )


def stream(table: str) -> list[str]:
    streams = boto3.client("dynamodbstreams")
    arn = streams.list_streams(TableName=table)["Streams"][0]["StreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    return sorted(record["dynamodb"]["Keys"]["part"]["S"] for record in records)


READERS = [get, batch_get, transact_get, query, scan, stream]


class Onlooker:
    """Reads while a transaction stands half applied: between the first put and the second."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, read: Callable[[], list[str]]) -> None:
        self._read = read
        self._seen: list[list[str]] = []
        self._thread = threading.Thread(target=lambda: self._seen.append(self._read()))
        original = Table.put_item

        def put_item(table: Table, *arguments: Any, **keywords: Any) -> Any:
            item = original(table, *arguments, **keywords)
            if self._thread.ident is None:
                self._thread.start()
                self._thread.join(_READER_SECONDS)
            return item

        monkeypatch.setattr(Table, "put_item", put_item)

    def seen(self) -> list[str]:
        self._thread.join()
        return self._seen[0]


@pytest.mark.parametrize("read", READERS)
def test_nobody_sees_what_a_transaction_takes_back(
    table: str, read: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    onlooker = Onlooker(monkeypatch, lambda: read(table))

    with pytest.raises(ClientError, match="TransactionCanceled"):
        write_pair(table, fails=True)

    assert onlooker.seen() == []
    assert read(table) == []


@pytest.mark.parametrize("read", READERS[1:])
def test_nobody_sees_half_of_a_transaction(
    table: str, read: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    onlooker = Onlooker(monkeypatch, lambda: read(table))

    write_pair(table)

    assert onlooker.seen() in ([], ["a", "b"])
    assert read(table) == ["a", "b"]


def test_a_transaction_that_fails_leaves_items_as_they_were(table: str) -> None:
    dynamodb = boto3.client("dynamodb")
    dynamodb.put_item(TableName=table, Item={**key("a"), "n": {"N": "1"}})
    actions: Any = [
        {
            "Update": {
                "TableName": table,
                "Key": key("a"),
                "UpdateExpression": "SET n = :two",
                "ExpressionAttributeValues": {":two": {"N": "2"}},
            }
        },
        {"Put": {"TableName": table, "Item": key("new")}},
        {
            "ConditionCheck": {
                "TableName": table,
                "Key": key("b"),
                "ConditionExpression": "attribute_exists(id)",
            }
        },
    ]

    with pytest.raises(ClientError, match="TransactionCanceled"):
        dynamodb.transact_write_items(TransactItems=actions)

    assert dynamodb.get_item(TableName=table, Key=key("a"))["Item"]["n"] == {"N": "1"}
    assert scan(table) == ["a"]
    assert stream(table) == ["a"]
