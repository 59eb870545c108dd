"""One delivery to a subscribed function: the payload as CloudWatch Logs packs it, and retries."""

import base64
import dataclasses
import gzip
import json
import logging
import threading

from local_cloud.clients import client
from local_cloud.subscriptions.faults import Batch

logger = logging.getLogger(__name__)

# CloudWatch Logs retries for 24 hours; a laptop's outages are shorter.
_ATTEMPTS = 8
_FIRST_DELAY_SECONDS = 0.2
_MAX_DELAY_SECONDS = 5.0


@dataclasses.dataclass(frozen=True)
class Subscription:
    """Where the records of one log stream go by one filter."""

    account: str
    region: str
    log_group: str
    log_stream: str
    filter_name: str
    destination_arn: str


def pack(subscription: Subscription, batch: Batch) -> bytes:
    """Return the event that the function receives, as JSON."""
    message = {
        "messageType": "DATA_MESSAGE",
        "owner": subscription.account,
        "logGroup": subscription.log_group,
        "logStream": subscription.log_stream,
        "subscriptionFilters": [subscription.filter_name],
        "logEvents": batch,
    }
    data = base64.b64encode(gzip.compress(json.dumps(message).encode(), compresslevel=1))
    return json.dumps({"awslogs": {"data": data.decode()}}).encode()


def deliver(subscription: Subscription, batch: Batch, closed: threading.Event) -> bool:
    """Invoke the function until it succeeds; False when it never did, or the cloud closed."""
    payload = pack(subscription, batch)
    delay = _FIRST_DELAY_SECONDS
    for _ in range(_ATTEMPTS):
        try:
            answer = client("lambda", subscription.region).invoke(
                FunctionName=subscription.destination_arn, Payload=payload
            )
            problem = answer.get("FunctionError") and answer["Payload"].read().decode()
        except Exception as error:  # noqa: BLE001 (whatever it is, it may pass)
            problem = str(error)
        if not problem:
            return True
        if closed.wait(delay):
            return False
        delay = min(2 * delay, _MAX_DELAY_SECONDS)
    logger.error(
        "%d records of %s were not delivered to %s: %s",
        len(batch),
        subscription.log_group,
        subscription.destination_arn,
        problem,
    )
    return False
