"""State RollBack of the release workflow.

Event: ``{"model_name", "version", "execution", "error"}``, the last as a state's `Catch` leaves it;
the answer is that of `ModelRelease.roll_back`.
"""

import functools
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import RollBackReleaseSettings
from mlops_platform.observability.logging import logger
from mlops_platform.pipeline.model_release import ModelRelease
from mlops_platform.pipeline.state_error import sentence_of
from mlops_platform.registry.transition import Cause

WHO = "release workflow"


@functools.cache
def release() -> ModelRelease:
    """Return the release's steps, made once per execution environment."""
    return ModelRelease.from_settings(RollBackReleaseSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Take back what this execution released."""
    return release().roll_back(
        model_name=event["model_name"],
        version=event["version"],
        cause=Cause(
            operation=event["execution"],
            who=WHO,
            why=sentence_of(event["error"]),
            # The execution keeps the stack; the ledger is shown to everyone who may read.
            evidence={"error": event["error"]["Error"]},
        ),
    )
