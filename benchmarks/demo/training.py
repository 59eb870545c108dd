"""Fire a schedule and follow the training that it starts."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from benchmarks.demo.admin import Admin
from benchmarks.demo.plan import MODEL
from mlops_platform.aws.clients import client
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.executions import ExecutionResult, wait_for_execution

START_TIMEOUT_SECONDS = 30
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class ScheduledTraining:
    """Trainings that schedules start.

    Parameters
    ----------
    config
        The platform.
    admin
        The local cloud, whose schedules can be fired.
    """

    config: MLOpsConfig
    admin: Admin

    def run(
        self, rule: str, moment: datetime, *, on_state: Callable[[str], None]
    ) -> ExecutionResult:
        """Let the clock reach a schedule's time and wait for the model's execution to end.

        Raises
        ------
        RuntimeError
            The schedule started nothing.
        """
        before = {execution["executionArn"] for execution in self.executions()}
        self.admin.fire_schedule(rule, moment)
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            arns = (execution["executionArn"] for execution in self.executions())
            for started in (arn for arn in arns if arn not in before):
                return wait_for_execution(started, on_state=on_state)
            time.sleep(POLL_SECONDS)
        raise RuntimeError(
            f"The schedule {rule} started no execution within {START_TIMEOUT_SECONDS} s; "
            "cloud.log in the demo's state folder says what it delivered."
        )

    def executions(self) -> list[dict[str, Any]]:
        """Return all executions of the model's pipeline."""
        machine = discover(self.config, f"training_state_machine_arn/{MODEL}")
        listed = client("stepfunctions").list_executions(stateMachineArn=machine)
        return list(listed["executions"])
