"""State PromoteModel of a training pipeline.

Event: ``{"model_name", "version", "champion"}``; the answer is that of `ModelPromotion.promote`.
"""

import functools
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import PromoteModelSettings
from mlops_platform.observability.logging import logger
from mlops_platform.pipeline.model_promotion import ModelPromotion


@functools.cache
def promotion() -> ModelPromotion:
    """Return the step, made once per execution environment."""
    return ModelPromotion.from_settings(PromoteModelSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Make the registered version serve."""
    return promotion().promote(
        model_name=event["model_name"], version=event["version"], champion=event["champion"]
    )
