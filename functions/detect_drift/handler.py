"""Compare what models see with what they were trained on, hourly.

Event: a schedule's, whose time is now; ``model_name`` if only one model is to be watched.
"""

import functools
from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import DetectDriftSettings
from mlops_platform.observability.logging import logger
from mlops_platform.pipeline.drift_detection import DriftDetection


@functools.cache
def detection() -> DriftDetection:
    """Return the detection, made once per execution environment."""
    return DriftDetection.from_settings(DetectDriftSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answer with the verdict on each model that serves."""
    now = datetime.fromisoformat(event["time"])
    return detection().detect(now, event.get("model_name"))
