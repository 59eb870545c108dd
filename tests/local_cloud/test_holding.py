"""An execution that is held has done what comes before the state, and nothing of it."""

import json
import uuid
from collections.abc import Iterator

import boto3
import pytest

from local_cloud.cloud import LocalCloud
from tests.local_cloud.waiting import end_of_execution, post

ROLE = "arn:aws:iam::123456789012:role/states"
STATES = {
    "First": {"Type": "Pass", "Result": 1, "ResultPath": "$.first", "Next": "Second"},
    "Second": {"Type": "Pass", "Result": 2, "ResultPath": "$.second", "Next": "Done"},
    "Done": {"Type": "Succeed"},
}


@pytest.fixture
def holding(cloud: LocalCloud) -> Iterator[LocalCloud]:
    yield cloud
    post(cloud, "/executions/hold", {})


def start() -> str:
    states = boto3.client("stepfunctions")
    machine = states.create_state_machine(
        name=f"machine-{uuid.uuid4().hex[:8]}",
        definition=json.dumps({"StartAt": "First", "States": STATES}),
        roleArn=ROLE,
    )["stateMachineArn"]
    return str(states.start_execution(stateMachineArn=machine, input="{}")["executionArn"])


def entered(execution: str) -> list[str]:
    history = boto3.client("stepfunctions").get_execution_history(executionArn=execution)
    details = (event.get("stateEnteredEventDetails") for event in history["events"])
    return [each["name"] for each in details if each]


@pytest.mark.parametrize("state", STATES)
def test_an_execution_ends_where_it_is_stopped_while_it_is_held(
    holding: LocalCloud, state: str
) -> None:
    post(holding, "/executions/hold", {"before": state})
    execution = start()

    held = post(holding, "/executions/held", {})
    boto3.client("stepfunctions").stop_execution(executionArn=execution)

    assert held == [{"execution": execution, "before": state}]
    assert end_of_execution(execution)["status"] == "ABORTED"
    assert entered(execution) == list(STATES)[: list(STATES).index(state)]


def test_an_execution_goes_on_when_it_is_held_no_more(holding: LocalCloud) -> None:
    post(holding, "/executions/hold", {"before": "Second"})
    execution = start()
    post(holding, "/executions/held", {})

    post(holding, "/executions/hold", {})

    ended = end_of_execution(execution)
    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"]) == {"first": 1, "second": 2}
    assert post(holding, "/executions/held", {"timeout_seconds": 0}) == []


def test_nothing_is_held_before_a_state_that_is_not_named(holding: LocalCloud) -> None:
    post(holding, "/executions/hold", {"before": "Elsewhere"})

    assert end_of_execution(start())["status"] == "SUCCEEDED"
