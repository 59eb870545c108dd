"""Merge the profiles of past hours and days."""

import functools
from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import CompactProfilesSettings
from mlops_platform.monitoring.compaction import Compaction
from mlops_platform.observability.logging import logger


@functools.cache
def compaction() -> Compaction:
    """Return the compaction, made once per execution environment."""
    return Compaction.from_settings(CompactProfilesSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Answer a schedule's event; its time is now."""
    return compaction().compact_all(datetime.fromisoformat(event["time"]))
