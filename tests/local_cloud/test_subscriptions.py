"""Log subscriptions deliver at least once, and misbehave exactly as told."""

import base64
import gzip
import json
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local_cloud.cloud import LocalCloud
from local_cloud.subscriptions.patterns import compile_pattern
from tests.local_cloud.assemblies import Assembly
from tests.local_cloud.waiting import get, make_queue, post, receive

COLLECT = """
import base64, boto3, gzip, json, os
def handler(event, context):
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    boto3.client("sqs").send_message(
        QueueUrl=os.environ["QUEUE_URL"],
        MessageBody=json.dumps([each["message"] for each in data["logEvents"]]),
    )
"""
POISONED = "def handler(event, context):\n    raise RuntimeError('poisoned')\n"
PATTERN = '{ $.record = "prediction" }'
DROPPED = "/subscription-faults/dropped"


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        (PATTERN, '{"record": "prediction"}', '{"record": "other"}'),
        ("{ $.a.b >= 3 && ($.c = x* || $.d IS NULL) }", '{"a":{"b":3},"c":"xyz"}', '{"a":{"b":3}}'),
        ("{ $.a NOT EXISTS }", '{"b": 1}', '{"a": null}'),
        ("{ $.n != 2 }", '{"n": 1}', '{"n": 2}'),
        ("{ $.list[0] = 7 }", '{"list": [7]}', '{"list": [8]}'),
        ("{ $.flag IS TRUE }", '{"flag": true}', '{"flag": 1}'),
        ('ERROR "disk full" -retry', "ERROR: disk full", "ERROR: disk full, retry"),
        ("?WARN ?ERROR", "WARN x", "INFO x"),
        ("", "anything", None),
    ],
)
def test_filter_patterns_select(pattern: str, matching: str, other: str | None) -> None:
    matches = compile_pattern(pattern)

    assert matches(matching)
    assert other is None or not matches(other)


@pytest.mark.parametrize(
    "pattern", ["{ $.a = }", "{ $.a", "[a, b]", "{ $.a ~ 1 }", "{ $.a = 1 ) }"]
)
def test_malformed_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        compile_pattern(pattern)


def subscribe(
    cloud: LocalCloud, assembly: Assembly, source: str, **properties: Any
) -> Callable[[list[str]], None]:
    """Deploy a subscribed function; return what writes lines to its log group."""
    function = assembly.add_function("Function", source, **properties)
    group = assembly.add_resource("Group", "AWS::Logs::LogGroup")
    assembly.add_resource(
        "Filter",
        "AWS::Logs::SubscriptionFilter",
        {"LogGroupName": group, "FilterPattern": PATTERN, "DestinationArn": function},
    )
    assembly.add_output("Group", group)
    cloud.deploy(assembly.write())
    name = cloud.outputs(assembly.stack_name)["Group"]
    logs = boto3.client("logs")
    logs.create_log_stream(logGroupName=name, logStreamName="s")

    def write(lines: list[str]) -> None:
        now = time.time_ns() // 1_000_000
        events: Any = [{"timestamp": now, "message": line} for line in lines]
        logs.put_log_events(logGroupName=name, logStreamName="s", logEvents=events)

    return write


@pytest.fixture
def road(
    cloud: LocalCloud, new_assembly: Callable[[], Assembly]
) -> Iterator[tuple[Callable[[list[str]], None], str]]:
    """A function that writes log lines, and the queue that the subscriber fills."""
    url, _ = make_queue(f"collected-{uuid.uuid4().hex[:8]}")
    variables = {"Variables": {"QUEUE_URL": url}}
    write = subscribe(cloud, new_assembly(), COLLECT, Environment=variables)
    yield write, url
    post(cloud, "/subscription-faults", {})


def predictions(count: int) -> list[str]:
    return [json.dumps({"record": "prediction", "n": n}) for n in range(count)]


def collected(url: str) -> list[int]:
    batches = [json.loads(body) for body in receive(url, 1000, wait_seconds=0)]
    return [json.loads(message)["n"] for batch in batches for message in batch]


def test_matching_records_arrive_packed_as_on_aws(
    cloud: LocalCloud, road: tuple[Callable[[list[str]], None], str]
) -> None:
    write, url = road

    write([*predictions(3), "START RequestId: 1", '{"record": "other"}'])
    drained = post(cloud, "/subscriptions/drain", {})

    assert drained["drained"] is True
    assert collected(url) == [0, 1, 2]


def test_duplicated_cut_and_reordered_batches_still_bring_everything(
    cloud: LocalCloud, road: tuple[Callable[[list[str]], None], str]
) -> None:
    write, url = road
    faults = {"duplicate": 1, "rebatch": 1, "reorder": 1, "delay_seconds": 0.1, "seed": 7}
    post(cloud, "/subscription-faults", faults)

    write(predictions(20))
    told = post(cloud, "/subscriptions/drain", {})

    assert told["drained"] is True
    assert Counter(collected(url)) == dict.fromkeys(range(20), 2)


def test_dropped_records_are_counted(
    cloud: LocalCloud, road: tuple[Callable[[list[str]], None], str]
) -> None:
    write, url = road
    post(cloud, "/subscription-faults", {"drop": 0.5, "seed": 3})

    write(predictions(40))
    told = post(cloud, "/subscriptions/drain", {})

    lost = [json.loads(record["message"])["n"] for record in get(cloud, DROPPED)]
    assert 0 < told["records_dropped"] == len(lost) < 40
    assert sorted(collected(url) + lost) == list(range(40))


def test_what_its_function_always_refuses_ends_in_the_dead_letter_queue(
    cloud: LocalCloud,
    new_assembly: Callable[[], Assembly],
    road: tuple[Callable[[list[str]], None], str],
) -> None:
    # Given a subscription with a poisoned function beside one with a healthy one
    dead, dead_arn = make_queue(f"dead-{uuid.uuid4().hex[:8]}")
    write_healthy, url = road
    write_poisoned = subscribe(
        cloud, new_assembly(), POISONED, DeadLetterConfig={"TargetArn": dead_arn}
    )
    before = get(cloud, "/subscription-faults")

    # When both get records
    write_poisoned(predictions(3))
    write_healthy(predictions(2))
    told = post(cloud, "/subscriptions/drain", {})

    # Then the drain has waited for two retries, and the event lies in the queue as it was
    assert told["records_failed"] - before["records_failed"] == 3
    assert collected(url) == [0, 1]
    (letter,) = boto3.client("sqs").receive_message(
        QueueUrl=dead, MessageAttributeNames=["All"], MaxNumberOfMessages=10
    )["Messages"]
    event = json.loads(letter["Body"])
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    assert [json.loads(each["message"])["n"] for each in data["logEvents"]] == [0, 1, 2]
    attributes = letter["MessageAttributes"]
    assert attributes.keys() == {"RequestID", "ErrorCode", "ErrorMessage"}
    assert uuid.UUID(attributes["RequestID"]["StringValue"])
    assert attributes["ErrorCode"] == {"DataType": "Number", "StringValue": "200"}
    assert attributes["ErrorMessage"]["StringValue"] == "poisoned"


def test_a_malformed_pattern_is_refused_when_it_is_put(
    cloud: LocalCloud, new_assembly: Callable[[], Assembly]
) -> None:
    assembly = new_assembly()
    assembly.add_output("Arn", assembly.add_function("Collect", COLLECT))
    assembly.add_output("Group", assembly.add_resource("Group", "AWS::Logs::LogGroup"))
    cloud.deploy(assembly.write())
    outputs = cloud.outputs(assembly.stack_name)

    with pytest.raises(ClientError, match="InvalidParameter"):
        boto3.client("logs").put_subscription_filter(
            logGroupName=outputs["Group"],
            filterName="f",
            filterPattern="{ $.a = }",
            destinationArn=outputs["Arn"],
        )
