"""State Release of the release workflow.

Event: ``{"model_name", "prepared", "execution", "requested_by", "cause", "evidence"}``; the answer
is that of `ModelRelease.release`.
"""

import functools
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import ReleaseModelSettings
from mlops_platform.observability.logging import logger
from mlops_platform.pipeline.model_release import ModelRelease
from mlops_platform.registry.transition import Cause


@functools.cache
def release() -> ModelRelease:
    """Return the release's steps, made once per execution environment."""
    return ModelRelease.from_settings(ReleaseModelSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Make the prepared version serve."""
    return release().release(
        model_name=event["model_name"],
        prepared=event["prepared"],
        cause=Cause(
            operation=event["execution"],
            who=event["requested_by"],
            why=event["cause"],
            evidence=event["evidence"],
        ),
    )
