"""State MaterializeFeatures of a training pipeline.

Event: ``{"artifact_uri"}``, further keys are ignored; the answer is that of
`FeatureMaterialization.materialize`.
"""

import functools
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import MaterializeFeaturesSettings
from mlops_platform.observability.logging import logger
from mlops_platform.pipeline.feature_materialization import FeatureMaterialization


@functools.cache
def materialization() -> FeatureMaterialization:
    """Return the step, made once per execution environment."""
    return FeatureMaterialization.from_settings(MaterializeFeaturesSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Bring the online features up to the training data's end."""
    return materialization().materialize(event["artifact_uri"])
