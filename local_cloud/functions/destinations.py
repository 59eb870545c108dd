"""Where the results of asynchronous invocations go: destinations and dead-letter queues."""

import json
from typing import Any

from local_cloud.clients import client
from local_cloud.functions.invocation import InvocationResult

_MAX_ERROR_BYTES = 1024


def send_to_destination(arn: str, record: dict[str, Any]) -> None:
    """Send an invocation record to a queue, topic, function or event bus.

    Raises
    ------
    NotImplementedError
        For other kinds of destination.
    """
    service = arn.split(":")[2]
    document = json.dumps(record)
    if service == "sqs":
        client("sqs").send_message(QueueUrl=_queue_url(arn), MessageBody=document)
    elif service == "sns":
        client("sns").publish(TopicArn=arn, Message=document)
    elif service == "lambda":
        client("lambda").invoke(FunctionName=arn, InvocationType="Event", Payload=document)
    elif service == "events":
        client("events").put_events(Entries=[_as_event(arn, record, document)])
    else:
        raise NotImplementedError(f"Lambda destinations of {service} are not supported: {arn}")


def send_to_dead_letters(arn: str, payload: bytes, result: InvocationResult) -> None:
    """Send the failed event as it was to a dead-letter queue or topic, with AWS's attributes."""
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": result.request_id},
        # An HTTP status: the invocation was answered, the function failed.
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": _error_message(result)},
    }
    if arn.split(":")[2] == "sqs":
        client("sqs").send_message(
            QueueUrl=_queue_url(arn), MessageBody=payload.decode(), MessageAttributes=attributes
        )
    else:
        client("sns").publish(TopicArn=arn, Message=payload.decode(), MessageAttributes=attributes)


def _error_message(result: InvocationResult) -> str:
    """Return the first KB of what the function said; SQS refuses an empty attribute."""
    document = json.loads(result.payload or b"null")
    said = document.get("errorMessage") if isinstance(document, dict) else None
    text = str(said or result.error_type)
    return text.encode()[:_MAX_ERROR_BYTES].decode(errors="ignore")


def _queue_url(arn: str) -> str:
    name = arn.rpartition(":")[2]
    return str(client("sqs").get_queue_url(QueueName=name)["QueueUrl"])


def _as_event(arn: str, record: dict[str, Any], document: str) -> dict[str, Any]:
    succeeded = record["requestContext"]["condition"] == "Success"
    outcome = "Success" if succeeded else "Failure"
    return {
        "Source": "lambda",
        "DetailType": f"Lambda Function Invocation Result - {outcome}",
        "Detail": document,
        "EventBusName": arn,
        "Resources": [record["requestContext"]["functionArn"], arn],
    }
