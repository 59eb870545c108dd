"""Sending a payload to the AWS resource that an ARN names: a target, destination or queue."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from botocore import xform_name

from local_cloud.clients import client
from local_cloud.json_path import look_up
from local_cloud.log_streams import ensure_stream

Target = dict[str, Any]


class UnsupportedTargetError(Exception):
    """Nothing here can send to this kind of resource."""


def send(target: Target, payload: str) -> None:
    """Send `payload` to `target["Arn"]`.

    Raises
    ------
    UnsupportedTargetError
        When the ARN's service is none that events are delivered to here.
    botocore.exceptions.ClientError
        When the resource refuses it.
    """
    arn = target["Arn"]
    service = arn.split(":")[2]
    if service == "scheduler":
        _universal(target, payload)
        return
    sender = _SENDERS.get(service)
    if sender is None:
        raise UnsupportedTargetError(f"The local cloud cannot deliver events to {arn}.")
    sender(target, payload, arn.split(":")[3] or None)


def queue_url(arn: str) -> str:
    """Return the URL of the queue with this ARN."""
    region, name = arn.split(":")[3], arn.split(":")[5]
    url: str = client("sqs", region).get_queue_url(QueueName=name)["QueueUrl"]
    return url


def _lambda(target: Target, payload: str, region: str | None) -> None:
    client("lambda", region).invoke(
        FunctionName=target["Arn"], InvocationType="Event", Payload=payload.encode()
    )


def _states(target: Target, payload: str, region: str | None) -> None:
    client("stepfunctions", region).start_execution(
        stateMachineArn=target["Arn"], input=payload, name=str(uuid.uuid4())
    )


def _sns(target: Target, payload: str, region: str | None) -> None:
    client("sns", region).publish(TopicArn=target["Arn"], Message=payload)


def _sqs(target: Target, payload: str, region: str | None) -> None:
    group = target.get("SqsParameters", {}).get("MessageGroupId")
    grouping = {"MessageGroupId": group} if group else {}
    client("sqs", region).send_message(
        QueueUrl=queue_url(target["Arn"]), MessageBody=payload, **grouping
    )


def _events(target: Target, payload: str, region: str | None) -> None:
    event = json.loads(payload)
    parameters = target.get("EventBridgeParameters", {})
    entry = {
        "Source": parameters.get("Source") or event["source"],
        "DetailType": parameters.get("DetailType") or event["detail-type"],
        "Detail": payload if parameters else json.dumps(event["detail"]),
        "Resources": event.get("resources", []),
        "EventBusName": target["Arn"],
    }
    client("events", region).put_events(Entries=[entry])


def _logs(target: Target, payload: str, region: str | None) -> None:
    group = target["Arn"].split(":log-group:")[1].removesuffix(":*")
    stream = str(uuid.uuid4())
    ensure_stream(group, stream, region)
    event = {"timestamp": time.time_ns() // 1_000_000, "message": payload}
    client("logs", region).put_log_events(
        logGroupName=group, logStreamName=stream, logEvents=[event]
    )


def _kinesis(target: Target, payload: str, region: str | None) -> None:
    path = target.get("KinesisParameters", {}).get("PartitionKeyPath", "$.id")
    key = look_up(json.loads(payload), path)
    client("kinesis", region).put_record(
        StreamName=target["Arn"].split("/")[-1], Data=payload, PartitionKey=str(key)
    )


def _firehose(target: Target, payload: str, region: str | None) -> None:
    client("firehose", region).put_record(
        DeliveryStreamName=target["Arn"].split("/")[-1], Record={"Data": payload}
    )


def _universal(target: Target, payload: str) -> None:
    # arn:aws:scheduler:::aws-sdk:<service>:<action>: EventBridge Scheduler's way to call any API.
    *_, service, action = target["Arn"].split(":")
    name = {"sfn": "stepfunctions"}.get(service, service)
    getattr(client(name), xform_name(action))(**json.loads(payload))


_SENDERS: dict[str, Callable[[Target, str, str | None], None]] = {
    "lambda": _lambda,
    "states": _states,
    "sns": _sns,
    "sqs": _sqs,
    "events": _events,
    "logs": _logs,
    "kinesis": _kinesis,
    "firehose": _firehose,
}
