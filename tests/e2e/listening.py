"""Hearing what is told on the platform's bus."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mlops_platform.aws.clients import client
from mlops_platform.sdk.discovery import discover
from tests.e2e.platform import Platform

_SOURCE = "tests"
_END = "Nothing More"
_WAIT_SECONDS = 10


class Listener:
    """Takes events of one kind from a queue of its own."""

    def __init__(self, bus: str, queue_url: str) -> None:
        self._bus, self._queue_url = bus, queue_url

    def heard(self) -> list[dict[str, Any]]:
        """Return the details of what was told since the last call, in no certain order."""
        entry = {"EventBusName": self._bus, "Source": _SOURCE, "DetailType": _END, "Detail": "{}"}
        client("events").put_events(Entries=[entry])
        details = []
        while (event := self._take())["detail-type"] != _END:
            details.append(event["detail"])
        return details

    def _take(self) -> dict[str, Any]:
        (message,) = client("sqs").receive_message(
            QueueUrl=self._queue_url, WaitTimeSeconds=_WAIT_SECONDS
        )["Messages"]
        client("sqs").delete_message(
            QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"]
        )
        return dict(json.loads(message["Body"]))


@contextmanager
def listening(platform: Platform, detail_type: str) -> Iterator[Listener]:
    """Listen to a kind of event for the time of the block."""
    bus = discover(platform.config, "event_bus")
    name = f"listener-{uuid.uuid4().hex[:8]}"
    events, sqs = client("events"), client("sqs")
    queue_url = sqs.create_queue(QueueName=name)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    target = {"Id": "queue", "Arn": attributes["Attributes"]["QueueArn"]}
    pattern = json.dumps({"detail-type": [detail_type, _END]})
    events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
    events.put_targets(Rule=name, EventBusName=bus, Targets=[target])
    try:
        yield Listener(bus, queue_url)
    finally:
        events.remove_targets(Rule=name, EventBusName=bus, Ids=["queue"])
        events.delete_rule(Name=name, EventBusName=bus)
        sqs.delete_queue(QueueUrl=queue_url)
