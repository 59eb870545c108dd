"""Count prediction records into profiles."""

import functools
from typing import Any

from mlops_platform.config.functions import IngestPredictionsSettings
from mlops_platform.monitoring.capture import Capture


@functools.cache
def capture() -> Capture:
    """Return the way into the profiles, made once per execution environment."""
    return Capture.from_settings(IngestPredictionsSettings.from_environment())


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Count an event of a CloudWatch Logs subscription."""
    return capture().capture(event)
