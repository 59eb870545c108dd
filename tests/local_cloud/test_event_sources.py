"""Queues and table streams reach functions as Lambda's pollers bring them."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from local_cloud.cloud import LocalCloud
from local_cloud.event_sources.mapping import failed_items, read_mapping
from tests.local_cloud.assemblies import Assembly
from tests.local_cloud.waiting import make_queue, receive

NewAssembly = Callable[[], Assembly]

# Fails the messages that say so, and reports them one by one.
SORTER = """
import boto3, json, os
def handler(event, context):
    sqs = boto3.client("sqs")
    failures = []
    for record in event["Records"]:
        body = json.loads(record["body"])
        if body.get("fail"):
            failures.append({"itemIdentifier": record["messageId"]})
        else:
            sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=record["body"])
    return {"batchItemFailures": failures}
"""
FORWARDER = """
import boto3, json, os
def handler(event, context):
    sqs = boto3.client("sqs")
    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        text = json.dumps({"event": record["eventName"], "id": image["id"]["S"]})
        sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=text)
"""


def deploy(
    cloud: LocalCloud, assembly: Assembly, source: str, mapping: dict[str, Any]
) -> tuple[str, str]:
    """Deploy a function with a mapping; return the function's ARN and the collecting queue."""
    url, _ = make_queue(f"collected-{uuid.uuid4().hex[:8]}")
    function = assembly.add_function(
        "Function", source, Environment={"Variables": {"QUEUE_URL": url}}
    )
    assembly.add_resource(
        "Mapping", "AWS::Lambda::EventSourceMapping", {"FunctionName": function, **mapping}
    )
    assembly.add_output("Arn", function)
    cloud.deploy(assembly.write())
    return cloud.outputs(assembly.stack_name)["Arn"], url


def make_table_with_stream() -> tuple[str, str]:
    """Make a table; return its name and its stream's ARN."""
    name = f"table-{uuid.uuid4().hex[:8]}"
    described = boto3.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    return name, described["LatestStreamArn"]


def test_a_partly_failed_batch_keeps_only_what_failed(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    dead, dead_arn = make_queue(f"dead-{uuid.uuid4().hex[:8]}")
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 1})
    source, arn = make_queue(
        f"source-{uuid.uuid4().hex[:8]}", VisibilityTimeout="1", RedrivePolicy=redrive
    )
    _, url = deploy(
        cloud,
        new_assembly(),
        SORTER,
        {"EventSourceArn": arn, "FunctionResponseTypes": ["ReportBatchItemFailures"]},
    )

    boto3.client("sqs").send_message_batch(
        QueueUrl=source,
        Entries=[
            {"Id": str(n), "MessageBody": json.dumps({"n": n, "fail": n == 1})} for n in range(3)
        ],
    )

    assert sorted(json.loads(body)["n"] for body in receive(url, 2)) == [0, 2]
    assert [json.loads(body)["n"] for body in receive(dead, 1, wait_seconds=20)] == [1]


def test_filtered_messages_are_deleted_unseen(cloud: LocalCloud, new_assembly: NewAssembly) -> None:
    source, arn = make_queue(f"source-{uuid.uuid4().hex[:8]}")
    pattern = json.dumps({"body": {"kind": ["wanted"]}})
    _, url = deploy(
        cloud,
        new_assembly(),
        SORTER,
        {"EventSourceArn": arn, "FilterCriteria": {"Filters": [{"Pattern": pattern}]}},
    )
    sqs = boto3.client("sqs")

    for kind in ("other", "wanted"):
        sqs.send_message(QueueUrl=source, MessageBody=json.dumps({"kind": kind}))

    assert [json.loads(body)["kind"] for body in receive(url, 1)] == ["wanted"]
    assert receive(url, 1, wait_seconds=1) == []


def test_a_tables_changes_arrive_in_order(cloud: LocalCloud, new_assembly: NewAssembly) -> None:
    dynamodb = boto3.client("dynamodb")
    table, stream = make_table_with_stream()
    _, url = deploy(
        cloud,
        new_assembly(),
        FORWARDER,
        {"EventSourceArn": stream, "StartingPosition": "TRIM_HORIZON", "BatchSize": 2},
    )

    for n in range(5):
        dynamodb.put_item(TableName=table, Item={"id": {"S": str(n)}})

    received = [json.loads(body) for body in receive(url, 5)]
    assert [each["id"] for each in received] == ["0", "1", "2", "3", "4"]
    assert {each["event"] for each in received} == {"INSERT"}


ALWAYS_FAILS = """
import boto3, os
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="called")
    raise RuntimeError("no")
"""


@pytest.mark.parametrize("retries", [0, 1])
def test_a_stream_is_retried_as_often_as_its_mapping_says(
    cloud: LocalCloud, new_assembly: NewAssembly, retries: int
) -> None:
    dynamodb = boto3.client("dynamodb")
    failed, failed_arn = make_queue(f"failed-{uuid.uuid4().hex[:8]}")
    table, stream = make_table_with_stream()
    _, url = deploy(
        cloud,
        new_assembly(),
        ALWAYS_FAILS,
        {
            "EventSourceArn": stream,
            "StartingPosition": "TRIM_HORIZON",
            "MaximumRetryAttempts": retries,
            "DestinationConfig": {"OnFailure": {"Destination": failed_arn}},
        },
    )

    dynamodb.put_item(TableName=table, Item={"id": {"S": "1"}})

    (notice,) = [json.loads(body) for body in receive(failed, 1)]
    assert notice["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert notice["requestContext"]["approximateInvokeCount"] == retries + 1
    assert len(receive(url, 1000, wait_seconds=0)) == retries + 1


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        ({"batchItemFailures": []}, set()),
        ({}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "a"}]}, {"a"}),
        ({"batchItemFailures": [{"itemIdentifier": "stranger"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"wrong": "a"}]}, {"a", "b"}),
        ({"batchItemFailures": "nonsense"}, {"a", "b"}),
        (None, {"a", "b"}),
    ],
)
def test_a_report_that_cannot_be_read_fails_the_batch(
    answer: dict[str, Any] | None, failed: set[str]
) -> None:
    mapping = read_mapping(
        "1",
        "arn:f",
        "eu-west-1",
        {
            "EventSourceArn": "arn:aws:sqs:::q",
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
        },
    )

    assert failed_items(mapping, answer, {"a", "b"}) == failed


def test_topics_and_buckets_reach_functions(cloud: LocalCloud, new_assembly: NewAssembly) -> None:
    url, _ = make_queue(f"collected-{uuid.uuid4().hex[:8]}")
    source = """
import boto3, json, os
def handler(event, context):
    record = event["Records"][0]
    text = record["Sns"]["Message"] if "Sns" in record else record["s3"]["object"]["key"]
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=text)
"""
    assembly = new_assembly()
    function = assembly.add_function(
        "Function", source, Environment={"Variables": {"QUEUE_URL": url}}
    )
    assembly.add_output("Arn", function)
    cloud.deploy(assembly.write())
    arn = cloud.outputs(assembly.stack_name)["Arn"]
    sns, s3 = boto3.client("sns"), boto3.client("s3")
    topic = sns.create_topic(Name=f"topic-{uuid.uuid4().hex[:8]}")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    bucket = f"bucket-{uuid.uuid4().hex[:8]}"
    location: Any = {"LocationConstraint": cloud.region}
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=location)
    notify: Any = {
        "LambdaFunctionConfigurations": [
            {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
        ]
    }
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration=notify, SkipDestinationValidation=True
    )

    sns.publish(TopicArn=topic, Message="from the topic")
    s3.put_object(Bucket=bucket, Key="key", Body=b"1")

    assert set(receive(url, 2)) == {"from the topic", "key"}
