"""What goes over the wire, and what never reaches a log."""

from typing import Any

import pytest
from pydantic import SecretStr

from benchmarks.demo.alert_sinks import MailSink, SlackSink, running
from mlops_platform.errors import AlertNotDeliveredError
from mlops_platform.notifications.alert import alert_from_event
from mlops_platform.notifications.alert_batch import send_batch
from mlops_platform.notifications.channel_settings import EmailSettings, SlackSettings
from mlops_platform.notifications.email_channel import EmailChannel
from mlops_platform.notifications.slack_channel import SlackChannel
from tests.unit.monitoring.small_platform import Clock
from tests.unit.notifications.alert_events import batch, drift_event
from tests.unit.notifications.conftest import Certificates, Office

ALERT = alert_from_event(drift_event(), "dev")


def email_channel(mail: MailSink, **more: Any) -> EmailChannel:
    settings = {
        "host": "127.0.0.1",
        "port": mail.port,
        "starttls": False,
        "sender": "mlops@example.com",
        "recipients": ["oncall@example.com", "lead@example.com"],
        **more,
    }
    return EmailChannel(settings=EmailSettings(**settings), clock=Clock(0))


def test_the_same_incident_makes_the_same_message(mail: MailSink) -> None:
    for _ in range(2):
        email_channel(mail).send(ALERT, 60)

    first, second = (message.as_bytes() for message in mail.messages)
    assert first == second
    message = mail.messages[0]
    assert message["to"] == "oncall@example.com, lead@example.com"
    assert message["message-id"].endswith("@example.com>")
    assert message["date"].datetime == ALERT.time
    assert message.get_content().splitlines() == ALERT.body.splitlines()


def test_a_login_is_sent_over_an_encrypted_connection_alone(certificates: Certificates) -> None:
    with running(MailSink(certificates.server)) as mail:
        settings = email_channel(mail, starttls=True, username="u", password="swordfish").settings
        EmailChannel(settings=settings, make_context=certificates.client, clock=Clock(0)).send(
            ALERT, 60
        )

    assert len(mail.messages) == 1
    assert [
        line.partition(" ")[0].lower() for encrypted, line in mail.commands if not encrypted
    ] == [
        "ehlo",
        "starttls",
    ]
    assert any(line.upper().startswith("AUTH PLAIN") for _, line in mail.commands)


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    certificates: Certificates,
) -> None:
    with (
        running(MailSink(certificates.server)) as mail,
        pytest.raises(AlertNotDeliveredError, match="SSLCertVerificationError"),
    ):
        email_channel(mail, starttls=True).send(ALERT, 60)

    assert mail.messages == []


def test_a_server_without_encryption_gets_nothing(mail: MailSink) -> None:
    with pytest.raises(AlertNotDeliveredError, match="SMTPNotSupportedError"):
        email_channel(mail, starttls=True).send(ALERT, 60)


def test_one_recipient_that_is_refused_keeps_no_other_from_the_message(mail: MailSink) -> None:
    mail.refused_recipients = {"oncall"}
    email_channel(mail).send(ALERT, 60)
    assert len(mail.messages) == 1

    mail.refused_recipients = {"oncall", "lead"}
    with pytest.raises(AlertNotDeliveredError, match="SMTPRecipientsRefused") as refusal:
        email_channel(mail).send(ALERT, 60)
    assert "oncall" not in str(refusal.value)


def test_no_mail_is_begun_when_its_time_is_over(mail: MailSink) -> None:
    with pytest.raises(AlertNotDeliveredError, match="No time was left"):
        email_channel(mail).send(ALERT, 0.5)
    assert mail.commands == []


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def channel(slack: SlackSink, waited: list[float]) -> SlackChannel:
    clock = Clock(0)

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock.now += int(seconds)

    url = SecretStr(slack.url)
    return SlackChannel(settings=SlackSettings(webhook_url=url), clock=clock, sleep=sleep)


def test_slack_is_waited_for_as_it_says(
    channel: SlackChannel, slack: SlackSink, waited: list[float]
) -> None:
    slack.answers = [(429, {"Retry-After": "7"}), (503, {"Retry-After": "3"})]
    channel.send(ALERT, 60)
    assert waited == [7, 3]
    assert len(slack.texts) == 1


def test_where_slack_does_not_say_the_pause_doubles(
    channel: SlackChannel, slack: SlackSink, waited: list[float]
) -> None:
    slack.answers = [(500, {}), (502, {"Retry-After": "tomorrow"}), (429, {})]
    channel.send(ALERT, 60)
    assert waited == [1, 2, 4]


def test_nobody_waits_beyond_the_deadline(
    channel: SlackChannel, slack: SlackSink, waited: list[float]
) -> None:
    slack.answers = [(429, {"Retry-After": "30"}), (429, {"Retry-After": "30"})]
    with pytest.raises(AlertNotDeliveredError, match=r"in time \(status 429\)"):
        channel.send(ALERT, 59)
    assert waited == [30]


@pytest.mark.parametrize("status", [302, 400, 403, 410])
def test_a_refusal_of_slack_is_final_for_now(
    channel: SlackChannel, slack: SlackSink, waited: list[float], status: int
) -> None:
    slack.answers = [(status, {"Location": slack.url})]
    with pytest.raises(AlertNotDeliveredError, match=f"refused the message with status {status}"):
        channel.send(ALERT, 60)
    assert (waited, len(slack.requests)) == ([], 1)


def test_what_means_something_to_slack_is_escaped(channel: SlackChannel, slack: SlackSink) -> None:
    channel.send(alert_from_event(drift_event(named=["<!channel>", "a&b"]), "dev"), 60)

    assert "&lt;!channel&gt;, a&amp;b" in slack.texts[0]


def test_neither_addresses_nor_credentials_reach_the_log(
    office: Office,
    mail: MailSink,
    slack: SlackSink,
    caplog: pytest.LogCaptureFixture,
) -> None:
    mail.fails = True
    slack.answers = [(404, {})]
    send_batch(office.sender, batch(drift_event()), office.deadline)
    mail.refused_recipients = {"oncall", "lead"}
    mail.fails = False
    slack.shutdown()
    slack.server_close()
    send_batch(office.sender, batch(drift_event()), office.deadline)

    logged = caplog.text + "".join(repr(vars(record)) for record in caplog.records)
    assert "SMTPSenderRefused 451" in logged
    assert "SMTPRecipientsRefused" in logged
    assert "NewConnectionError" in logged
    for private in ("oncall@example.com", "lead@example.com", "very-private"):
        assert private not in logged
