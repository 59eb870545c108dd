"""A batch of feedback messages: each by itself, so that one that must wait holds up no other."""

from collections.abc import Mapping
from typing import Any

from mlops_platform.errors import PlatformError
from mlops_platform.monitoring.feedback import Feedback
from mlops_platform.monitoring.label_join import LabelJoin
from mlops_platform.observability.logging import logger


def join_batch(label_join: LabelJoin, event: Mapping[str, Any]) -> dict[str, Any]:
    """Join an SQS event's messages; return those that failed, as Lambda reads it.

    A message whose predictions have not been captured yet comes again, until the queue moves it
    to its dead letters.
    """
    failed = []
    for message in event["Records"]:
        try:
            changed = label_join.join(Feedback.from_message(message["body"]))
        except (PlatformError, KeyError, TypeError, ValueError):
            logger.warning("feedback must come again", exc_info=True)
            failed.append({"itemIdentifier": message["messageId"]})
        else:
            logger.info("feedback joined", extra={"changed": changed})
    return {"batchItemFailures": failed}
