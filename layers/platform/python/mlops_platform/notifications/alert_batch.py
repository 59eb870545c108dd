"""A batch of the alert queue, message by message: one that fails holds up no other."""

from collections.abc import Mapping
from typing import Any

import orjson

from mlops_platform.errors import PlatformError
from mlops_platform.notifications.alert import alert_from_event
from mlops_platform.notifications.alert_sender import AlertSender
from mlops_platform.observability.logging import logger


def send_batch(sender: AlertSender, event: Mapping[str, Any], deadline: float) -> dict[str, Any]:
    """Send the alerts of an SQS event; return the messages that failed, as Lambda reads it.

    Parameters
    ----------
    sender
        Tells the channels.
    event
        Messages whose bodies are events of the platform's bus.
    deadline
        Epoch seconds after which nothing may be under way.
    """
    failed = []
    for message in event["Records"]:
        try:
            alert = alert_from_event(orjson.loads(message["body"]), sender.environment)
            told = sender.send(alert, deadline)
        except (PlatformError, AttributeError, KeyError, TypeError, ValueError):
            logger.warning("the alert must come again", exc_info=True)
            failed.append({"itemIdentifier": message["messageId"]})
        else:
            logger.info("alert sent", extra={"incident": alert.incident_id, "channels": told})
    return {"batchItemFailures": failed}
