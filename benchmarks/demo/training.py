"""Fire a schedule and follow the trainings that it starts."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from benchmarks.demo.admin import Admin
from mlops_platform.aws.clients import client
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.executions import ExecutionResult, wait_for_execution

START_TIMEOUT_SECONDS: Final = 30
POLL_SECONDS: Final = 0.2

# Told of a model and of a state that its training entered.
OnState = Callable[[str, str], None]


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
        self, rule: str, moment: datetime, models: Sequence[str], *, on_state: OnState
    ) -> dict[str, ExecutionResult]:
        """Let the clock reach a schedule's time and wait for the models' executions to end.

        Returns
        -------
        dict of str to ExecutionResult
            By model, in the order of `models`.

        Raises
        ------
        RuntimeError
            The schedule started none of some model.
        """
        before = {model: self.executions(model) for model in models}
        self.admin.fire_schedule(rule, moment)
        with ThreadPoolExecutor(len(models)) as pool:
            follow = partial(self._follow, rule, on_state)
            return dict(zip(models, pool.map(follow, models, before.values()), strict=True))

    def executions(self, model: str) -> set[str]:
        """Return the ARNs of all executions of a model's pipeline."""
        machine = discover(self.config, f"training_state_machine_arn/{model}")
        listed: Any = client("stepfunctions").list_executions(stateMachineArn=machine)
        return {execution["executionArn"] for execution in listed["executions"]}

    def _follow(
        self, rule: str, on_state: OnState, model: str, before: set[str]
    ) -> ExecutionResult:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            for started in self.executions(model) - before:
                return wait_for_execution(started, on_state=partial(on_state, model))
            time.sleep(POLL_SECONDS)
        raise RuntimeError(
            f"The schedule {rule} started no execution of {model} within {START_TIMEOUT_SECONDS} "
            "s; cloud.log in the demo's state folder says what it delivered."
        )
