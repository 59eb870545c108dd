"""Start and follow training, for people who write Python."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from mlops_platform.aws.execution_start import start_once
from mlops_platform.config.models import model_named
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import TrainingFailedError
from mlops_platform.moments import as_utc
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.executions import ExecutionResult, wait_for_execution

REGISTERED_STATE = "RegisterModel"
RELEASED_STATE = "Release"


class TrainingPipeline:
    """The training pipelines of one environment.

    Parameters
    ----------
    config
        Which environment, and where; its `auto_promote_threshold` goes with every training.
    """

    def __init__(self, config: MLOpsConfig) -> None:
        self.config = config

    def start(self, model_name: str, *, as_of: datetime | None = None, cause: str = "") -> str:
        """Start the pipeline of one model and return its execution's ARN.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        as_of
            Only data before this moment counts; now, unless given. Without a time zone it is UTC.
        cause
            Why; it becomes part of the execution's name, so the same cause on the same day starts
            nothing twice: the ARN is that of the first execution, however that ended. By default
            a new one each time.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        PlatformNotFoundError
            The environment is not deployed where the AWS variables point.
        """
        model = model_named(model_name)
        moment = as_utc(as_of or datetime.now(UTC))
        reason = cause or f"manual-{datetime.now(UTC):%H%M%S%f}"
        return start_once(
            discover(self.config, f"training_state_machine_arn/{model.name}"),
            f"{model.name}-{moment:%Y-%m-%d}-{reason}",
            {
                "model_name": model.name,
                "as_of": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
                "cause": reason,
                **self._gate(),
            },
        )

    def run(
        self,
        model_name: str,
        *,
        as_of: datetime | None = None,
        on_state: Callable[[str], None] = lambda _: None,
    ) -> ExecutionResult:
        """Train one model and wait for the end.

        Raises
        ------
        TrainingFailedError
            The pipeline failed; the message says in which state and why.
        """
        result = wait_for_execution(self.start(model_name, as_of=as_of), on_state=on_state)
        if result.status != "SUCCEEDED":
            last = result.states[-1] if result.states else "its start"
            raise TrainingFailedError(
                f"Training of {model_name} ended as {result.status} in {last}: "
                f"{result.error}: {result.cause}"
            )
        return result

    def _gate(self) -> dict[str, float]:
        """Return what the configuration asks of the gate; nothing leaves it to the model."""
        threshold = self.config.auto_promote_threshold
        return {} if threshold is None else {"auto_promote_threshold": threshold}

    async def run_training(self, model_name: str, *, as_of: datetime | None = None) -> bool:
        """Train one model; true if the new version was released.

        False says that the gate kept the champion, or that the version waits in Staging for a
        person to promote it.

        Raises
        ------
        TrainingFailedError
            The pipeline failed.
        """
        result = await asyncio.to_thread(self.run, model_name, as_of=as_of)
        return RELEASED_STATE in result.states

    async def run_categorization_training(self, *, as_of: datetime | None = None) -> bool:
        """Train categorization, by default on all data until now; see `run_training`."""
        return await self.run_training("categorization", as_of=as_of)

    async def run_recommendation_training(self, *, as_of: datetime | None = None) -> bool:
        """Train recommendation, by default on all data until now; see `run_training`."""
        return await self.run_training("recommendation", as_of=as_of)

    async def run_selfmate_training(self, *, as_of: datetime | None = None) -> bool:
        """Train SelfMate, by default on all data until now; see `run_training`."""
        return await self.run_training("selfmate", as_of=as_of)

    async def run_fraud_detection_training(self, *, as_of: datetime | None = None) -> bool:
        """Train fraud detection, by default on all data until now; see `run_training`."""
        return await self.run_training("fraud_detection", as_of=as_of)
