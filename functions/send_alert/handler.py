"""Tell people what happened to a model."""

import functools
import time
from typing import Any

from mlops_platform.config.functions import SendAlertSettings
from mlops_platform.notifications.alert_batch import send_batch
from mlops_platform.notifications.alert_sender import AlertSender

# What is left for the record of a delivery when its time is over.
_RESERVE_SECONDS = 5.0


@functools.cache
def alert_sender() -> AlertSender:
    """Return the sender, made once per execution environment."""
    return AlertSender.from_settings(SendAlertSettings.from_environment())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Send a batch of an SQS queue; answer which messages must come again."""
    seconds = context.get_remaining_time_in_millis() / 1_000 - _RESERVE_SECONDS
    return send_batch(alert_sender(), event, time.time() + seconds)
