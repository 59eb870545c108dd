"""Waiting for the cloud without guessing how long things take."""

import json
import time
import urllib.request
from typing import Any

import boto3

from local_cloud.bell import job_ended
from local_cloud.cloud import LocalCloud
from local_cloud.sessions import is_alive

_POLL_SECONDS = 1.0


def end_of_execution(arn: str) -> dict[str, Any]:
    """Return DescribeExecution's answer once the execution has ended."""
    states = boto3.client("stepfunctions")
    while (answer := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
        job_ended.sleep(_POLL_SECONDS)
    return dict(answer)


def end_of_training(name: str) -> dict[str, Any]:
    """Return DescribeTrainingJob's answer once the job has ended."""
    sagemaker = boto3.client("sagemaker")
    while True:
        job = sagemaker.describe_training_job(TrainingJobName=name)
        if job["TrainingJobStatus"] != "InProgress":
            return dict(job)
        job_ended.sleep(_POLL_SECONDS)


def receive(queue_url: str, count: int, *, wait_seconds: int = 10) -> list[str]:
    """Return the bodies of the next `count` messages; fewer when they stay away too long."""
    sqs = boto3.client("sqs")
    bodies: list[str] = []
    while len(bodies) < count:
        messages = sqs.receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=wait_seconds
        ).get("Messages", [])
        if not messages:
            break
        for message in messages:
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            bodies.append(message["Body"])
    return bodies


def make_queue(name: str, **attributes: str) -> tuple[str, str]:
    """Make a queue; return its URL and ARN."""
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, answer["Attributes"]["QueueArn"]


def post(cloud: LocalCloud, path: str, body: dict[str, Any]) -> Any:
    """Post to the cloud's admin interface."""
    request = urllib.request.Request(  # noqa: S310 (a loopback address)
        cloud.admin.url + path, data=json.dumps(body).encode(), method="POST"
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 (as above)
        return json.load(answer)


def get(cloud: LocalCloud, path: str) -> Any:
    """Read from the cloud's admin interface."""
    with urllib.request.urlopen(cloud.admin.url + path) as answer:  # noqa: S310 (as above)
        return json.load(answer)


def end_of_process(pid: int, timeout_seconds: float = 10.0) -> None:
    """Return when a process has ended, also where nobody collects orphans."""
    deadline = time.monotonic() + timeout_seconds
    while is_alive(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs"
