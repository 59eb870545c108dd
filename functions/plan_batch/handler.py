"""State PlanBatch of batch scoring.

Event: ``{"model_name", "input_uri", "execution_name"}``; the answer is that of `BatchPlan.plan`.
"""

import functools
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import PlanBatchSettings
from mlops_platform.observability.logging import logger
from mlops_platform.serving.batch_plan import BatchPlan


@functools.cache
def plan() -> BatchPlan:
    """Return the step, made once per execution environment."""
    return BatchPlan.from_settings(PlanBatchSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Find what is to be scored."""
    return plan().plan(
        model_name=event["model_name"],
        input_uri=event["input_uri"],
        execution_name=event["execution_name"],
    )
