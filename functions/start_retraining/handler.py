"""Train a model again whose drift lasts, once there is enough to learn from, hourly.

Event: ``model_name``, ``state_machine_arn`` of its training pipeline, and the schedule's ``time``,
which is now.
"""

import functools
from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import StartRetrainingSettings
from mlops_platform.observability.logging import logger
from mlops_platform.pipeline.drift_retraining import DriftRetraining


@functools.cache
def retraining() -> DriftRetraining:
    """Return what starts trainings, made once per execution environment."""
    return DriftRetraining.from_settings(StartRetrainingSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answer with the incident, the execution that trains because of it, and why."""
    now = datetime.fromisoformat(event["time"])
    return retraining().consider(event["model_name"], event["state_machine_arn"], now)
