"""State RegisterModel of a training pipeline.

Event: ``{"model_name", "artifact_uri", "execution_name"}``; the answer is that of
`ModelRegistration.register`.
"""

import functools
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import RegisterModelSettings
from mlops_platform.observability.logging import logger
from mlops_platform.pipeline.model_registration import ModelRegistration


@functools.cache
def registration() -> ModelRegistration:
    """Return the step, made once per execution environment."""
    return ModelRegistration.from_settings(RegisterModelSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Put the candidate's bundle in place and its version into Staging."""
    return registration().register(
        model_name=event["model_name"],
        artifact_uri=event["artifact_uri"],
        execution_name=event["execution_name"],
    )
