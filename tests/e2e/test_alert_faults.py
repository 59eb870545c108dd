"""An alert reaches every channel once, though a channel was away when it was sent."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from benchmarks.demo.alert_sinks import MailSink, SlackSink, running
from mlops_platform.aws.clients import client
from mlops_platform.monitoring.monitoring_table import MonitoringTable, text
from mlops_platform.sdk.discovery import discover
from tests.e2e.faults import eventually, log_lines
from tests.e2e.platform import MODEL, Platform

_SENDER = "SendAlert"
# The template gives a failed alert back after six minutes, so long as AWS asks for.
_VISIBILITY_SECONDS = 1


@pytest.fixture
def slack() -> Iterator[SlackSink]:
    with running(SlackSink()) as sink:
        yield sink


@pytest.fixture
def mail_that_is_down() -> Iterator[MailSink]:
    sink = MailSink(is_down=True)
    yield sink
    sink.server_close()


def failed_release(execution: str) -> dict[str, Any]:
    """Return the event that ends a failed release."""
    detail = {"model_name": MODEL, "execution": execution, "version": "7.0.0"}
    return {"detail-type": "Release Failed", "source": "selfmonitor.releases", "detail": detail}


class AlertQueue:
    """The queue of alerts."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._url = discover(platform.config, "alert_queue_url")

    def attribute(self, name: str) -> int:
        answer = client("sqs").get_queue_attributes(QueueUrl=self._url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def is_empty(self) -> bool:
        """Whether no alert waits, is being sent or will come again."""
        kinds = ("", "NotVisible", "Delayed")
        return not any(self.attribute(f"ApproximateNumberOfMessages{kind}") for kind in kinds)

    @contextmanager
    def giving_back_soon(self) -> Iterator[None]:
        """Give failed alerts back after a second, for the time of the block."""
        before = self.attribute("VisibilityTimeout")
        self._give_back_after(_VISIBILITY_SECONDS)
        try:
            self._end_the_poll_under_way()
            yield
        finally:
            self._give_back_after(before)

    def _end_the_poll_under_way(self) -> None:
        """Send what a poll takes that gives back as it was told before."""
        first = f"first-{uuid.uuid4().hex}"
        event = {**failed_release(first), "time": "2025-01-01T00:00:00Z"}
        client("sqs").send_message(QueueUrl=self._url, MessageBody=json.dumps(event))
        eventually(lambda: first in str(log_lines(self._platform, _SENDER)), "the first message")

    def _give_back_after(self, seconds: int) -> None:
        attributes = {"VisibilityTimeout": str(seconds)}
        client("sqs").set_queue_attributes(QueueUrl=self._url, Attributes=attributes)


@pytest.fixture
def queue(platform: Platform) -> Iterator[AlertQueue]:
    queue = AlertQueue(platform)
    with queue.giving_back_soon():
        yield queue


@pytest.fixture
def channels(
    platform: Platform,
    queue: AlertQueue,  # noqa: ARG001 - its first message goes to no channel
    mail_that_is_down: MailSink,
    slack: SlackSink,
) -> Iterator[None]:
    """Both sinks in the secret, as an operator would write them; none afterwards."""
    secret = discover(platform.config, "alert_channels_arn")
    secrets = client("secretsmanager")
    before = secrets.get_secret_value(SecretId=secret)["SecretString"]
    email = {
        "host": "127.0.0.1",
        "port": mail_that_is_down.port,
        "starttls": False,
        "sender": "mlops@example.com",
        "recipients": ["oncall@example.com"],
    }
    document = {"channels": {"email": email, "slack": {"webhook_url": slack.url}}}
    secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(document))
    # A running environment knows the old channels for minutes.
    platform.kill_function(_SENDER)
    yield
    secrets.put_secret_value(SecretId=secret, SecretString=before)
    platform.kill_function(_SENDER)


def tell_of_a_failed_release(platform: Platform) -> str:
    """Put the event on the bus; return the incident's name."""
    execution = f"execution-{uuid.uuid4().hex}"
    event = failed_release(execution)
    entry = {
        "EventBusName": discover(platform.config, "event_bus"),
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
    }
    client("events").put_events(Entries=[entry])
    return execution


def progress(platform: Platform, incident: str, channel: str) -> str:
    """Return how far the platform says it is with telling a channel; nothing if not begun."""
    table = MonitoringTable(client("dynamodb"), discover(platform.config, "monitoring_table"))
    items = table.read([(f"alert#{incident}", f"delivery#{channel}")])
    return text(items[0], "progress") if items else ""


@pytest.mark.usefixtures("channels")
def test_an_alert_comes_again_for_the_channel_that_was_down_and_for_no_other(
    platform: Platform, queue: AlertQueue, slack: SlackSink, mail_that_is_down: MailSink
) -> None:
    incident = tell_of_a_failed_release(platform)
    eventually(lambda: slack.texts, "the alert in Slack")
    eventually(lambda: progress(platform, incident, "email") == "failed", "the refusal of the mail")

    with running(mail_that_is_down) as mail:
        eventually(lambda: mail.messages, "the alert by mail")
        eventually(queue.is_empty, "an empty queue")

    (message,), (post,) = mail.messages, slack.texts
    assert {progress(platform, incident, name) for name in ("email", "slack")} == {"delivered"}
    assert incident in post
    assert incident in message.get_content()
    assert message["To"] == "oncall@example.com"
