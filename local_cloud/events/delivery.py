"""Delivery in the background: retried, then to the dead-letter queue, never back to the sender."""

import concurrent.futures
import logging
import threading
from typing import Any

from botocore.exceptions import ClientError

from local_cloud.clients import client
from local_cloud.sending import UnsupportedTargetError, queue_url, send

logger = logging.getLogger(__name__)

Target = dict[str, Any]

# EventBridge tries for 24 hours; a laptop's outages are shorter.
_MAX_RETRIES = 5
_FIRST_DELAY_SECONDS = 0.1
_PERMANENT = {
    "AccessDeniedException",
    "InvalidParameterValueException",
    "NotFound",
    "ResourceNotFoundException",
    "StateMachineDoesNotExist",
    "ValidationException",
    "AWS.SimpleQueueService.NonExistentQueue",
}


class Delivery:
    """Sends payloads to targets in background threads.

    Attributes
    ----------
    closed
        Set when the cloud stops: waiting retries are given up.
    """

    def __init__(self) -> None:
        self.closed = threading.Event()
        self._pool = concurrent.futures.ThreadPoolExecutor(8, thread_name_prefix="events")

    def submit(
        self, target: Target, payload: str, rule_arn: str
    ) -> concurrent.futures.Future[bool]:
        """Start a delivery; the future tells whether the target took it."""
        return self._pool.submit(self.deliver, target, payload, rule_arn)

    def deliver(self, target: Target, payload: str, rule_arn: str) -> bool:
        """Deliver now, with retries; False when the payload ended in a dead-letter queue or log."""
        allowed = target.get("RetryPolicy", {}).get("MaximumRetryAttempts", _MAX_RETRIES)
        error: Exception
        for attempt in range(min(allowed, _MAX_RETRIES) + 1):
            try:
                send(target, payload)
            except Exception as failure:  # noqa: BLE001 (whatever it is, the sender must not see it)
                error = failure
            else:
                return True
            delay = _FIRST_DELAY_SECONDS * 2**attempt
            if _is_permanent(error) or self.closed.wait(delay):
                break
        self._bury(target, payload, rule_arn, error)
        return False

    def stop(self) -> None:
        """Give up what waits."""
        self.closed.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _bury(self, target: Target, payload: str, rule_arn: str, error: Exception) -> None:
        queue = target.get("DeadLetterConfig", {}).get("Arn")
        logger.warning("No delivery from %s to %s: %s", rule_arn, target["Arn"], error)
        if queue is None or self.closed.is_set():
            return
        attributes = {
            "RULE_ARN": rule_arn,
            "TARGET_ARN": target["Arn"],
            "ERROR_CODE": _code(error),
            "ERROR_MESSAGE": str(error)[:1000],
        }
        try:
            client("sqs", queue.split(":")[3]).send_message(
                QueueUrl=queue_url(queue),
                MessageBody=payload,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in attributes.items()
                },
            )
        except ClientError:
            logger.exception("The dead-letter queue %s does not take it either", queue)


def _code(error: Exception) -> str:
    if isinstance(error, ClientError):
        return str(error.response["Error"]["Code"])
    return type(error).__name__


def _is_permanent(error: Exception) -> bool:
    return isinstance(error, UnsupportedTargetError) or _code(error) in _PERMANENT
