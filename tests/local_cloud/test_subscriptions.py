"""Log subscriptions deliver at least once, and misbehave exactly as told."""

import json
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from local_cloud.cloud import LocalCloud
from local_cloud.subscriptions.faults import Faults, FaultyRoad
from local_cloud.subscriptions.patterns import compile_pattern
from tests.local_cloud.assemblies import Assembly
from tests.local_cloud.waiting import make_queue, post, receive

COLLECT = """
import base64, boto3, gzip, json, os
def handler(event, context):
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    boto3.client("sqs").send_message(
        QueueUrl=os.environ["QUEUE_URL"],
        MessageBody=json.dumps([each["message"] for each in data["logEvents"]]),
    )
"""
PATTERN = '{ $.record = "prediction" }'


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


chances = st.floats(0, 1)
flushes = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=4), max_size=5)


def numbered(flushes: list[list[int]]) -> list[list[list[dict[str, Any]]]]:
    numbers = iter(range(10_000))
    return [[[{"id": next(numbers)} for _ in range(n)] for n in flush] for flush in flushes]


def travel(faults: Faults, flushes: list[list[int]]) -> tuple[Counter[int], Counter[int], set[int]]:
    road = FaultyRoad(faults)
    sent: Counter[int] = Counter()
    received: Counter[int] = Counter()
    for batches in numbered(flushes):
        sent.update(record["id"] for batch in batches for record in batch)
        received.update(record["id"] for batch in road.plan(batches) for record in batch)
    return sent, received, {record["id"] for record in road.dropped}


@given(chances, chances, chances, st.integers(), flushes)
def test_without_drop_every_record_arrives(
    duplicate: float, rebatch: float, reorder: float, seed: int, flushes: list[list[int]]
) -> None:
    faults = Faults(duplicate=duplicate, rebatch=rebatch, reorder=reorder, seed=seed)

    sent, received, dropped = travel(faults, flushes)

    assert set(received) == set(sent)
    assert not dropped
    assert duplicate > 0 or received == sent


@given(chances, chances, chances, st.integers(), flushes)
def test_with_drop_exactly_the_dropped_are_missing(
    drop: float, duplicate: float, rebatch: float, seed: int, flushes: list[list[int]]
) -> None:
    faults = Faults(drop=drop, duplicate=duplicate, rebatch=rebatch, seed=seed)

    sent, received, dropped = travel(faults, flushes)

    assert set(sent) - set(received) == dropped
    assert travel(faults, flushes) == (sent, received, dropped)


@pytest.mark.parametrize("request_body", [{"drop": 2}, {"delay_seconds": -1}, {"lose": 1}])
def test_impossible_faults_are_refused(request_body: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Faults.from_request(request_body)


@pytest.fixture
def road(
    cloud: LocalCloud, new_assembly: Callable[[], Assembly]
) -> Iterator[tuple[Callable[[list[str]], None], str]]:
    """A function that writes log lines, and the queue that the subscriber fills."""
    url, _ = make_queue(f"collected-{uuid.uuid4().hex[:8]}")
    assembly = new_assembly()
    function = assembly.add_function(
        "Collect", COLLECT, Environment={"Variables": {"QUEUE_URL": url}}
    )
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


def test_duplicated_and_cut_batches_still_bring_everything(
    cloud: LocalCloud, road: tuple[Callable[[list[str]], None], str]
) -> None:
    write, url = road
    faults = {"duplicate": 1, "rebatch": 1, "reorder": 1, "delay_seconds": 0.1, "seed": 7}
    post(cloud, "/subscription-faults", faults)

    write(predictions(20))
    post(cloud, "/subscriptions/drain", {})

    assert Counter(collected(url)) == dict.fromkeys(range(20), 2)


def test_dropped_records_are_counted(
    cloud: LocalCloud, road: tuple[Callable[[list[str]], None], str]
) -> None:
    write, url = road
    post(cloud, "/subscription-faults", {"drop": 0.5, "seed": 3})

    write(predictions(40))
    told = post(cloud, "/subscriptions/drain", {})

    assert 0 < told["records_dropped"] < 40
    assert len(collected(url)) == 40 - told["records_dropped"]


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
