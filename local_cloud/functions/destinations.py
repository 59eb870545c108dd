"""Where the results of asynchronous invocations go: destinations and dead-letter queues."""

import json
from typing import Any

from local_cloud.clients import client


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


def send_to_dead_letters(arn: str, payload: bytes, request_id: str, error: str) -> None:
    """Send the failed event itself to a dead-letter queue or topic."""
    attributes = {
        name: {"DataType": "String", "StringValue": value[:1024] or "-"}
        for name, value in (("RequestID", request_id), ("ErrorMessage", error))
    }
    if arn.split(":")[2] == "sqs":
        client("sqs").send_message(
            QueueUrl=_queue_url(arn), MessageBody=payload.decode(), MessageAttributes=attributes
        )
    else:
        client("sns").publish(TopicArn=arn, Message=payload.decode(), MessageAttributes=attributes)


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
