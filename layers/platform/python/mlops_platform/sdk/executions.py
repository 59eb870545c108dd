"""Follow a Step Functions execution from outside."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mlops_platform.aws.clients import client

POLL_SECONDS = 0.5
_RUNNING = "RUNNING"


@dataclass(frozen=True, kw_only=True)
class ExecutionResult:
    """How one execution ended.

    Parameters
    ----------
    arn, status
        The execution and its final status, e.g. ``SUCCEEDED``.
    states
        The states it entered, in order.
    output
        Its JSON output; empty when it failed.
    error, cause
        The error's name and sentence when it failed; empty otherwise.
    seconds
        Wall time between start and stop, in seconds.
    """

    arn: str
    status: str
    states: tuple[str, ...]
    output: dict[str, Any]
    error: str
    cause: str
    seconds: float


def states_entered(execution_arn: str) -> Iterator[str]:
    """Yield the names of the states that an execution has entered so far, in order."""
    pages = client("stepfunctions").get_paginator("get_execution_history")
    for page in pages.paginate(executionArn=execution_arn):
        for event in page["events"]:
            if "stateEnteredEventDetails" in event:
                yield event["stateEnteredEventDetails"]["name"]


def wait_for_execution(
    execution_arn: str, *, on_state: Callable[[str], None] = lambda _: None
) -> ExecutionResult:
    """Wait until an execution ends, telling each state it enters.

    Parameters
    ----------
    execution_arn
        The execution.
    on_state
        Called once with each state's name, in order.
    """
    told = 0
    while True:
        described = client("stepfunctions").describe_execution(executionArn=execution_arn)
        states = tuple(states_entered(execution_arn))
        for state in states[told:]:
            on_state(state)
        told = len(states)
        if described["status"] != _RUNNING:
            return _result(described, states)
        time.sleep(POLL_SECONDS)


def _result(described: dict[str, Any], states: tuple[str, ...]) -> ExecutionResult:
    elapsed = described["stopDate"] - described["startDate"]
    return ExecutionResult(
        arn=described["executionArn"],
        status=described["status"],
        states=states,
        output=json.loads(described.get("output") or "{}"),
        error=described.get("error", ""),
        cause=described.get("cause", ""),
        seconds=elapsed.total_seconds(),
    )
