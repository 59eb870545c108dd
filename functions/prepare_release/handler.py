"""State PrepareRelease of the release workflow.

Event: ``{"model_name", "version", "comparison"}``; the answer is that of `ModelRelease.prepare`.
"""

import functools
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import PrepareReleaseSettings
from mlops_platform.observability.logging import logger
from mlops_platform.pipeline.model_release import ModelRelease


@functools.cache
def release() -> ModelRelease:
    """Return the release's steps, made once per execution environment."""
    return ModelRelease.from_settings(PrepareReleaseSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Find the version and what it is to replace."""
    return release().prepare(
        model_name=event["model_name"],
        version=event["version"],
        comparison=event["comparison"],
    )
