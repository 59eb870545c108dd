"""Fire the daily schedule and follow the training that it starts."""

import time
from collections.abc import Callable
from typing import Any

from benchmarks.demo.admin import Admin
from benchmarks.demo.plan import MODEL, schedule_moment
from mlops_platform.aws.clients import client
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.executions import ExecutionResult, wait_for_execution

START_TIMEOUT_SECONDS = 30
POLL_SECONDS = 0.2


def train_by_schedule(
    config: MLOpsConfig, admin: Admin, round_number: int, *, on_state: Callable[[str], None]
) -> ExecutionResult:
    """Let the clock reach the schedule's time and wait for the model's execution to end.

    Raises
    ------
    RuntimeError
        The schedule started nothing.
    """
    machine = discover(config, f"training_state_machine_arn/{MODEL}")
    before = {execution["executionArn"] for execution in _executions(machine)}
    admin.fire_schedule("Daily", schedule_moment(round_number))
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        started = [
            e["executionArn"] for e in _executions(machine) if e["executionArn"] not in before
        ]
        if started:
            return wait_for_execution(started[0], on_state=on_state)
        time.sleep(POLL_SECONDS)
    raise RuntimeError(
        f"The daily schedule started no execution within {START_TIMEOUT_SECONDS} s; "
        "cloud.log in the demo's state folder says what it delivered."
    )


def _executions(machine: str) -> list[dict[str, Any]]:
    listed = client("stepfunctions").list_executions(stateMachineArn=machine)
    return list(listed["executions"])
