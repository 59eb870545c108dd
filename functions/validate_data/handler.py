"""State ValidateData, the first of a training pipeline.

Event: ``{"model_name", "as_of", "cause", "execution_name", "execution_input"}``; the
answer is that of `TrainingPreparation.prepare`.
"""

import functools
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import ValidateDataSettings
from mlops_platform.observability.logging import logger
from mlops_platform.pipeline.training_preparation import TrainingPreparation


@functools.cache
def preparation() -> TrainingPreparation:
    """Return the step, made once per execution environment."""
    return TrainingPreparation.from_settings(ValidateDataSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Check the tables and say what the training job needs."""
    return preparation().prepare(
        model_name=event["model_name"],
        as_of=event["as_of"],
        cause=event["cause"],
        execution_name=event["execution_name"],
        execution_input=event["execution_input"],
    )
