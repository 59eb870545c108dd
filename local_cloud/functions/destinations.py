"""Where the results of asynchronous invocations go: destinations and dead-letter queues."""

import json
from typing import Any

from local_cloud.clients import client
from local_cloud.functions.invocation import InvocationResult
from local_cloud.sending import UnsupportedTargetError, queue_url, send

_DESTINATIONS = {"events", "lambda", "sns", "sqs"}
_MAX_ERROR_BYTES = 1024


def send_to_destination(arn: str, record: dict[str, Any]) -> None:
    """Send an invocation record to a queue, topic, function or event bus.

    Raises
    ------
    UnsupportedTargetError
        For other kinds of destination.
    """
    service = arn.split(":")[2]
    if service not in _DESTINATIONS:
        raise UnsupportedTargetError(f"Lambda destinations of {service} are not supported: {arn}")
    document = _as_event(arn, record) if service == "events" else record
    send({"Arn": arn}, json.dumps(document))


def send_to_dead_letters(arn: str, payload: bytes, result: InvocationResult) -> None:
    """Send the failed event as it was to a dead-letter queue or topic, with AWS's attributes."""
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": result.request_id},
        # An HTTP status: the invocation was answered, the function failed.
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": _error_message(result)},
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


def _error_message(result: InvocationResult) -> str:
    """Return the first KB of what the function said; SQS refuses an empty attribute."""
    document = json.loads(result.payload or b"null")
    said = document.get("errorMessage") if isinstance(document, dict) else None
    text = str(said or result.error_type)
    return text.encode()[:_MAX_ERROR_BYTES].decode(errors="ignore")


def _as_event(arn: str, record: dict[str, Any]) -> dict[str, Any]:
    succeeded = record["requestContext"]["condition"] == "Success"
    outcome = "Success" if succeeded else "Failure"
    return {
        "source": "lambda",
        "detail-type": f"Lambda Function Invocation Result - {outcome}",
        "detail": record,
        "resources": [record["requestContext"]["functionArn"], arn],
    }
