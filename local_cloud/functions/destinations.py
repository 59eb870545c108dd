"""Where the results of asynchronous invocations go: destinations and dead-letter queues."""

import json
from typing import Any

from local_cloud.clients import client
from local_cloud.sending import queue_url, send

_DESTINATIONS = {"events", "lambda", "sns", "sqs"}


def send_to_destination(arn: str, record: dict[str, Any]) -> None:
    """Send an invocation record to a queue, topic, function or event bus.

    Raises
    ------
    NotImplementedError
        For other kinds of destination.
    """
    service = arn.split(":")[2]
    if service not in _DESTINATIONS:
        raise NotImplementedError(f"Lambda destinations of {service} are not supported: {arn}")
    document = _as_event(arn, record) if service == "events" else record
    send({"Arn": arn}, json.dumps(document))


def send_to_dead_letters(arn: str, payload: bytes, request_id: str, error: str) -> None:
    """Send the failed event itself to a dead-letter queue or topic."""
    attributes = {
        name: {"DataType": "String", "StringValue": value[:1024] or "-"}
        for name, value in (("RequestID", request_id), ("ErrorMessage", error))
    }
    service, region = arn.split(":")[2:4]
    if service == "sqs":
        client("sqs", region).send_message(
            QueueUrl=queue_url(arn), MessageBody=payload.decode(), MessageAttributes=attributes
        )
    else:
        client("sns", region).publish(
            TopicArn=arn, Message=payload.decode(), MessageAttributes=attributes
        )


def _as_event(arn: str, record: dict[str, Any]) -> dict[str, Any]:
    succeeded = record["requestContext"]["condition"] == "Success"
    outcome = "Success" if succeeded else "Failure"
    return {
        "source": "lambda",
        "detail-type": f"Lambda Function Invocation Result - {outcome}",
        "detail": record,
        "resources": [record["requestContext"]["functionArn"], arn],
    }
