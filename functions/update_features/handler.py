"""Fold served transactions into the online features."""

import functools
from typing import Any

from mlops_platform.config.functions import UpdateFeaturesSettings
from mlops_platform.serving.feature_updates import FeatureUpdates


@functools.cache
def updates() -> FeatureUpdates:
    """Return the way into the feature store, made once per execution environment."""
    return FeatureUpdates.from_settings(UpdateFeaturesSettings.from_environment())


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Apply an event of a CloudWatch Logs subscription."""
    return updates().apply(event)
