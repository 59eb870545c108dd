"""SQS → Lambda: batches, partial failures, filters; the queue's own redrive does the rest."""

import json
import time
from typing import Any

from local_cloud.clients import client
from local_cloud.event_sources.mapping import Mapping, Record, failed_items
from local_cloud.sending import queue_url

_MAX_RECEIVE = 10
_LONG_POLL_SECONDS = 2

Message = dict[str, Any]


def poll(mapping: Mapping) -> None:
    """Poll until the mapping is closed."""
    url = queue_url(mapping.source_arn)
    while not mapping.closed.is_set():
        messages = _gather(mapping, url)
        if messages:
            _process(mapping, url, messages)


def _gather(mapping: Mapping, url: str) -> list[Message]:
    messages = _receive(mapping, url, mapping.batch_size, _LONG_POLL_SECONDS)
    deadline = time.monotonic() + mapping.window_seconds
    while messages and len(messages) < mapping.batch_size and time.monotonic() < deadline:
        wait = min(_LONG_POLL_SECONDS, int(deadline - time.monotonic()))
        more = _receive(mapping, url, mapping.batch_size - len(messages), wait)
        messages += more
        if not more and mapping.closed.wait(0.05):
            break
    return messages


def _receive(mapping: Mapping, url: str, wanted: int, wait_seconds: int) -> list[Message]:
    answer = client("sqs", mapping.region).receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=min(wanted, _MAX_RECEIVE),
        WaitTimeSeconds=wait_seconds,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    messages: list[Message] = answer.get("Messages", [])
    return messages


def _process(mapping: Mapping, url: str, messages: list[Message]) -> None:
    wanted = [each for each in messages if mapping.accepts(_filterable(each))]
    failed: set[str] = set()
    if wanted:
        answer = mapping.invoke([_record(mapping, each) for each in wanted])
        failed = failed_items(mapping, answer, {each["MessageId"] for each in wanted})
    # What failed stays invisible until its visibility timeout, as on AWS.
    for message in messages:
        if message["MessageId"] not in failed:
            client("sqs", mapping.region).delete_message(
                QueueUrl=url, ReceiptHandle=message["ReceiptHandle"]
            )


def _filterable(message: Message) -> Record:
    try:
        body = json.loads(message["Body"])
    except ValueError:
        body = message["Body"]
    return {"body": body, "messageAttributes": message.get("MessageAttributes", {})}


def _record(mapping: Mapping, message: Message) -> Record:
    attributes = {
        name: {
            "stringValue": value.get("StringValue"),
            "dataType": value["DataType"],
            "stringListValues": [],
            "binaryListValues": [],
        }
        for name, value in message.get("MessageAttributes", {}).items()
    }
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": attributes,
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping.source_arn,
        "awsRegion": mapping.region,
    }
