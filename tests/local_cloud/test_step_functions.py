"""State machines run as AWS runs them: integrations, error names, execution names."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local_cloud.bell import job_ended
from local_cloud.cloud import LocalCloud
from local_cloud.step_functions.provider import resolve_definition
from tests.local_cloud.assemblies import Assembly
from tests.local_cloud.waiting import end_of_execution, make_queue, receive

pytestmark = pytest.mark.usefixtures("cloud")

ROLE = "arn:aws:iam::123456789012:role/states"
RAISES = """
class DataValidationError(Exception):
    pass

def handler(event, context):
    raise DataValidationError("column amount is missing")
"""
DIES = """
import os
def handler(event, context):
    os._exit(3)
"""


def run(states: dict[str, Any], given: Any = None) -> dict[str, Any]:
    return end_of_execution(start(states, given))


def start(states: dict[str, Any], given: Any = None) -> str:
    definition = {"StartAt": next(iter(states)), "States": states}
    client = boto3.client("stepfunctions")
    arn = client.create_state_machine(
        name=f"machine-{uuid.uuid4().hex[:8]}", definition=json.dumps(definition), roleArn=ROLE
    )["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=arn, input=json.dumps(given or {}))
    return str(execution["executionArn"])


def event_types(execution: str) -> list[str]:
    history = boto3.client("stepfunctions").get_execution_history(executionArn=execution)
    return [event["type"] for event in history["events"]]


def invoking(arn: str, error: str) -> dict[str, Any]:
    return {
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": arn, "Payload.$": "$"},
            "Catch": [{"ErrorEquals": [error], "Next": "Caught"}],
            "End": True,
        },
        "Caught": {"Type": "Pass", "End": True},
    }


def deploy(cloud: LocalCloud, assembly: Assembly, source: str, **properties: Any) -> str:
    assembly.add_output("Arn", assembly.add_function("Function", source, **properties))
    cloud.deploy(assembly.write())
    return cloud.outputs(assembly.stack_name)["Arn"]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (RAISES, "DataValidationError"),
        (RAISES, "States.TaskFailed"),
        (DIES, "Runtime.ExitError"),
    ],
)
def test_a_function_error_is_caught_by_its_name(
    cloud: LocalCloud, new_assembly: Callable[[], Assembly], source: str, error: str
) -> None:
    arn = deploy(cloud, new_assembly(), source)

    ended = run(invoking(arn, error))

    assert ended["status"] == "SUCCEEDED"
    caught = json.loads(ended["output"])
    assert caught["Error"] in {error, "DataValidationError"}
    assert "errorMessage" in json.loads(caught["Cause"])


def test_an_error_of_another_name_is_not_caught(
    cloud: LocalCloud, new_assembly: Callable[[], Assembly]
) -> None:
    arn = deploy(cloud, new_assembly(), RAISES)

    ended = run(invoking(arn, "SomethingElseError"))

    assert (ended["status"], ended["error"]) == ("FAILED", "DataValidationError")


def test_a_function_that_times_out_is_named_so(
    cloud: LocalCloud, new_assembly: Callable[[], Assembly]
) -> None:
    slow = "import time\ndef handler(event, context):\n    time.sleep(60)\n"
    arn = deploy(cloud, new_assembly(), slow, Timeout=1)

    ended = run(invoking(arn, "Sandbox.Timedout"))

    assert json.loads(ended["output"])["Error"] == "Sandbox.Timedout"


@pytest.mark.parametrize("caught", ["Sandbox.Timedout", "SomethingElseError"])
def test_an_execution_that_is_stopped_stays_so_when_its_function_fails_later(
    cloud: LocalCloud, new_assembly: Callable[[], Assembly], caught: str
) -> None:
    slow = "import time\ndef handler(event, context):\n    time.sleep(60)\n"
    arn = deploy(cloud, new_assembly(), slow, Timeout=1)

    execution = start(invoking(arn, caught))
    while "TaskStarted" not in event_types(execution):
        job_ended.sleep(0.01)
    boto3.client("stepfunctions").stop_execution(executionArn=execution)

    assert end_of_execution(execution)["status"] == "ABORTED"


def test_a_fail_state_raises_the_caught_error_again() -> None:
    again = {"Type": "Fail", "ErrorPath": "$.Error", "CausePath": "$.Cause"}

    ended = run({"Again": again}, {"Error": "States.TaskFailed", "Cause": "because"})

    assert (ended["error"], ended["cause"]) == ("States.TaskFailed", "because")


def machine(seconds: int = 0) -> str:
    states = {"Wait": {"Type": "Wait", "Seconds": seconds, "End": True}}
    created = boto3.client("stepfunctions").create_state_machine(
        name=f"machine-{uuid.uuid4().hex[:8]}",
        definition=json.dumps({"StartAt": "Wait", "States": states}),
        roleArn=ROLE,
    )
    return str(created["stateMachineArn"])


def test_a_name_may_be_used_again_only_for_the_same_running_execution() -> None:
    client = boto3.client("stepfunctions")
    arn = machine(seconds=600)
    first = client.start_execution(stateMachineArn=arn, name="daily", input='{"a": 1}')

    again = client.start_execution(stateMachineArn=arn, name="daily", input='{"a": 1}')

    assert again["executionArn"] == first["executionArn"]
    with pytest.raises(client.exceptions.ExecutionAlreadyExists):
        client.start_execution(stateMachineArn=arn, name="daily", input='{"a": 2}')
    client.stop_execution(executionArn=first["executionArn"])


def test_the_name_of_an_ended_execution_is_taken() -> None:
    client = boto3.client("stepfunctions")
    arn = machine()
    end_of_execution(client.start_execution(stateMachineArn=arn, name="daily")["executionArn"])

    with pytest.raises(client.exceptions.ExecutionAlreadyExists):
        client.start_execution(stateMachineArn=arn, name="daily")
    with pytest.raises(ClientError, match="InvalidName"):
        client.start_execution(stateMachineArn=arn, name="not allowed")


def starting(arn: str) -> dict[str, Any]:
    return {
        "Start": {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": {"StateMachineArn": arn, "Name.$": "$.name", "Input.$": "$.given"},
            "Catch": [
                {
                    "ErrorEquals": ["StepFunctions.ExecutionAlreadyExistsException"],
                    "Next": "Before",
                }
            ],
            "End": True,
        },
        "Before": {"Type": "Pass", "Result": {"started": "before"}, "End": True},
    }


def test_a_child_execution_answers_with_its_output_and_runs_once() -> None:
    arn = machine()
    given = {"name": "fraud_detection-2026-03-01-schedule", "given": {"as_of": "2026-03-01"}}

    first = json.loads(run(starting(arn), given)["output"])
    second = json.loads(run(starting(arn), given)["output"])

    assert first["Output"] == {"as_of": "2026-03-01"}
    assert first["Status"] == "SUCCEEDED"
    assert second == {"started": "before"}


def test_tasks_publish_put_events_and_call_the_sdk() -> None:
    url, arn = make_queue(f"queue-{uuid.uuid4().hex[:8]}")
    sns = boto3.client("sns")
    topic = sns.create_topic(Name=f"topic-{uuid.uuid4().hex[:8]}")["TopicArn"]
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"}
    )
    events = boto3.client("events")
    events.put_rule(Name="from-states", EventPattern=json.dumps({"source": ["test.states"]}))
    events.put_targets(Rule="from-states", Targets=[{"Id": "1", "Arn": arn}])
    put = {"Source": "test.states", "DetailType": "Done", "Detail": {"ok": True}}
    states: dict[str, Any] = {
        "Publish": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn": topic, "Message": {"text": "hello"}},
            "Next": "Put",
        },
        "Put": {
            "Type": "Task",
            "Resource": "arn:aws:states:::events:putEvents",
            "Parameters": {"Entries": [put]},
            "Next": "Sdk",
        },
        "Sdk": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sqs:getQueueUrl",
            "Parameters": {"QueueName": url.rpartition("/")[2]},
            "End": True,
        },
    }

    ended = run(states)

    assert json.loads(ended["output"])["QueueUrl"] == url
    received = [json.loads(body) for body in receive(url, 2)]
    assert {"text": "hello"} in received
    assert [each["detail"] for each in received if "detail" in each] == [{"ok": True}]


def test_a_definition_is_resolved_and_otherwise_unchanged() -> None:
    text = '{"StartAt":"${First}","Comment":"${Unknown} $.path"}'

    resolved = resolve_definition(
        {"DefinitionString": text, "DefinitionSubstitutions": {"First": "A"}}
    )

    assert resolved == '{"StartAt":"A","Comment":"${Unknown} $.path"}'
