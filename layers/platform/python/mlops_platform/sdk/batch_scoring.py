"""Score files of rows in S3 with what serves, for people who write Python."""

from collections.abc import Callable
from datetime import UTC, datetime

from mlops_platform.aws.execution_start import start_once
from mlops_platform.config.models import model_named
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import BatchScoringError
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.executions import ExecutionResult, wait_for_execution


class BatchScoring:
    """Batch scoring of one environment.

    Parameters
    ----------
    config
        Which environment, and where.
    """

    def __init__(self, config: MLOpsConfig) -> None:
        self.config = config

    def start(self, model_name: str, input_uri: str) -> str:
        """Start scoring every ``.jsonl`` below a prefix; return the execution's ARN.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        input_uri
            ``s3://<data bucket>/batches/…``; each line of a file is a JSON object of features.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        PlatformNotFoundError
            The environment is not deployed where the AWS variables point.
        """
        model = model_named(model_name)
        return start_once(
            discover(self.config, "batch_scoring_state_machine_arn"),
            f"{model.name}-{datetime.now(UTC):%Y-%m-%d-%H%M%S%f}",
            {"model_name": model.name, "input_uri": input_uri},
        )

    def run(
        self, model_name: str, input_uri: str, *, on_state: Callable[[str], None] = lambda _: None
    ) -> ExecutionResult:
        """Score and wait for the end.

        Returns
        -------
        ExecutionResult
            Its `output` holds ``output_uri`` and, for each of ``outcomes``, its ``scores``: where
            they are, how many rows it had, and how many of them could not be answered.

        Raises
        ------
        BatchScoringError
            Some object could not be scored, or none was found; the message says which and why.
        """
        result = wait_for_execution(self.start(model_name, input_uri), on_state=on_state)
        if result.status != "SUCCEEDED":
            raise BatchScoringError(
                f"Scoring {input_uri} by {model_name} ended as {result.status}: {result.error}: "
                f"{result.cause}"
            )
        return result
