"""Bring back what a subscription lost: from the dead letters, and from the log itself.

CloudWatch keeps every line whether or not a subscription delivered it. Both ways deliver events
again, and a prediction that was counted already is recognised, so they may be repeated at will.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from mlops_platform.aws.clients import client
from mlops_platform.config.models import model_named
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import FunctionFailedError
from mlops_platform.observability.log_subscription import pack_delivery
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.function_calls import call_function

# Whose dead letters are events of its own, and whose are messages of a queue, found by this key.
SUBSCRIBERS: Final = ("ingest_predictions", "update_features")
QUEUED: Final = {"join_feedback": "feedback_queue_url", "send_alert": "alert_queue_url"}
_PATTERN: Final = '{ $.record = "prediction" }'
# How a record begins; a log may hold other lines that match nothing we wrote.
_RECORD: Final = '{"record":"prediction"'
_MAX_LINES: Final = 1_000
_MAX_MESSAGES: Final = 10


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """What a recovery from the log found: predictions read, and how many had not been counted."""

    read: int
    counted: int


@dataclass(frozen=True, kw_only=True)
class Redriven:
    """How many dead letters were delivered, and how many failed again and stay where they are."""

    delivered: int
    failed: int


def recover(config: MLOpsConfig, model_name: str, *, since: datetime, until: datetime) -> Recovered:
    """Read a model's predictions from its log again and count those that were not.

    This also finds what leaves no gap among the numbers: the last words of an environment, and
    environments of which nothing arrived.

    Parameters
    ----------
    config
        Which environment.
    model_name
        Whose log.
    since, until
        Between which moments the lines were written.

    Raises
    ------
    ModelNotFoundError
        There is no such model.
    FunctionFailedError
        Ingestion failed; what was counted until then stays, and the same call may be repeated.
    """
    model = model_named(model_name)
    group = discover(config, f"prediction_log_group/{model.name}")
    read = counted = 0
    for lines in _log_lines(group, since, until):
        counts = call_function(config, "ingest_predictions", pack_delivery(lines))
        read += counts["records"]
        counted += counts["counted"]
    return Recovered(read=read, counted=counted)


def redrive(config: MLOpsConfig, source: str) -> Redriven:
    """Deliver a function's dead letters again; those that fail again stay.

    Raises
    ------
    PlatformNotFoundError
        The environment is not deployed where the AWS variables point.
    """
    queue = discover(config, f"dead_letters/{source}")
    delivered = failed = 0
    for message in _messages(queue):
        try:
            _deliver(config, source, message["Body"])
        except FunctionFailedError:
            failed += 1
            continue
        # Only now: who dies before it delivers the letter twice, which counts once.
        client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        delivered += 1
    return Redriven(delivered=delivered, failed=failed)


def _deliver(config: MLOpsConfig, source: str, body: str) -> None:
    if source in QUEUED:
        url = discover(config, QUEUED[source])
        client("sqs").send_message(QueueUrl=url, MessageBody=body)
    else:
        call_function(config, source, json.loads(body))


def _messages(queue: str) -> Iterator[dict[str, Any]]:
    """Yield what is visible in a queue; what is not deleted reappears when its time is over."""
    seen: set[str] = set()
    while True:
        # Waiting makes SQS ask all its servers; without it, "none" may be one server's answer.
        answer = client("sqs").receive_message(
            QueueUrl=queue, MaxNumberOfMessages=_MAX_MESSAGES, WaitTimeSeconds=1
        )
        messages = answer.get("Messages", [])
        new = [message for message in messages if message["MessageId"] not in seen]
        if not new:
            return
        seen.update(message["MessageId"] for message in new)
        yield from new


def _log_lines(group: str, since: datetime, until: datetime) -> Iterator[list[str]]:
    pages = (
        client("logs")
        .get_paginator("filter_log_events")
        .paginate(
            logGroupName=group,
            startTime=int(since.timestamp() * 1_000),
            endTime=int(until.timestamp() * 1_000),
            filterPattern=_PATTERN,
            limit=_MAX_LINES,
        )
    )
    for page in pages:
        lines = [event["message"] for event in page["events"]]
        records = [line for line in lines if line.startswith(_RECORD)]
        if records:
            yield records
