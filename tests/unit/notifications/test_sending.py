"""One message per incident and channel, whatever fails and however often an event comes."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from benchmarks.demo.alert_sinks import MailSink, SlackSink
from mlops_platform.aws.clients import client
from mlops_platform.errors import AlertChannelsError, AlertNotDeliveredError
from mlops_platform.notifications.alert import alert_from_event
from mlops_platform.notifications.alert_batch import send_batch
from tests.unit.monitoring.small_platform import TABLE
from tests.unit.notifications.alert_events import batch, drift_event, failed_release_event
from tests.unit.notifications.conftest import Office

ALERT = alert_from_event(drift_event(), "dev")


def failed(office: Office, *events: dict[str, Any] | str) -> list[str]:
    """Return which messages must come again."""
    answer = send_batch(office.sender, batch(*events), office.deadline)
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def test_both_channels_get_one_message_per_incident(
    office: Office, mail: MailSink, slack: SlackSink
) -> None:
    assert failed(office, drift_event(), drift_event("drift-2"), failed_release_event()) == []

    assert [message["subject"] for message in mail.messages] == [
        "[dev] fraud_detection: drift detected",
        "[dev] fraud_detection: drift detected",
        "[dev] fraud_detection: release failed",
    ]
    assert len({message["message-id"] for message in mail.messages}) == 3
    assert len(slack.texts) == 3
    assert "incident: drift-2" in slack.texts[1]


def test_a_repeated_event_sends_nothing(office: Office, mail: MailSink, slack: SlackSink) -> None:
    assert office.sender.send(ALERT, office.deadline) == ["email", "slack"]
    office.clock.now += 86_400
    assert office.sender.send(ALERT, office.deadline) == []
    assert (len(mail.messages), len(slack.requests)) == (1, 1)


def test_a_failing_slack_does_not_resend_the_mail(
    office: Office, mail: MailSink, slack: SlackSink
) -> None:
    slack.answers = [(404, {})]

    assert failed(office, drift_event()) == ["1"]
    assert (len(mail.messages), len(slack.texts)) == (1, 0)
    assert failed(office, drift_event()) == []
    assert (len(mail.messages), len(slack.texts)) == (1, 1)


def test_a_failing_mail_server_does_not_hold_up_slack(
    office: Office, mail: MailSink, slack: SlackSink
) -> None:
    mail.fails = True
    with pytest.raises(AlertNotDeliveredError, match="email: The mail server"):
        office.sender.send(ALERT, office.deadline)
    mail.fails = False

    assert office.sender.send(ALERT, office.deadline) == ["email"]
    assert (len(mail.messages), len(slack.texts)) == (1, 1)


def test_concurrent_events_send_once(office: Office, mail: MailSink, slack: SlackSink) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: failed(office, drift_event()), range(8)))

    assert [] in answers
    assert (len(mail.messages), len(slack.texts)) == (1, 1)
    assert failed(office, drift_event()) == []
    assert (len(mail.messages), len(slack.texts)) == (1, 1)


def test_who_died_before_the_record_holds_the_channel_until_the_claim_expires(
    office: Office, mail: MailSink
) -> None:
    deliveries = office.sender.deliveries
    assert deliveries.claim(ALERT.incident_id, "email", office.deadline)

    with pytest.raises(AlertNotDeliveredError, match="Somebody else is sending it"):
        office.sender.send(ALERT, office.deadline)
    assert mail.messages == []
    office.clock.now += 66

    assert office.sender.send(ALERT, office.deadline) == ["email"]


def test_who_lost_the_claim_records_nothing(office: Office) -> None:
    deliveries = office.sender.deliveries
    slow = deliveries.claim("i", "email", office.deadline)
    office.clock.now += 66
    quick = deliveries.claim("i", "email", office.deadline)

    assert slow
    assert quick
    assert not deliveries.record(slow)
    assert not deliveries.is_delivered("i", "email")
    assert deliveries.record(quick)
    assert not deliveries.release(slow)
    assert deliveries.is_delivered("i", "email")


def test_a_record_expires_after_an_event_can_come_again(office: Office) -> None:
    office.sender.send(ALERT, office.deadline)

    items = client("dynamodb").scan(TableName=TABLE)["Items"]
    assert {item["place"]["S"] for item in items} == {"delivery#email", "delivery#slack"}
    assert all(int(item["expires_at"]["N"]) == office.clock() + 400 * 86_400 for item in items)


def test_a_channel_that_is_not_set_is_skipped_and_said_so(
    office: Office,
    document: dict[str, Any],
    mail: MailSink,
    slack: SlackSink,
    caplog: pytest.LogCaptureFixture,
) -> None:
    office.put(json.dumps({"channels": {"email": document["channels"]["email"]}}))

    assert office.sender.send(ALERT, office.deadline) == ["email"]
    assert (len(mail.messages), slack.requests) == (1, [])
    skipped = [vars(each) for each in caplog.records if "not set" in each.message]
    assert [each["channel"] for each in skipped] == ["slack"]


def test_a_malformed_secret_is_told_and_read_anew(office: Office, mail: MailSink) -> None:
    good = client("secretsmanager").get_secret_value(SecretId=office.arn)["SecretString"]
    office.put('{"channels": {"email": {}}}')
    with pytest.raises(AlertChannelsError, match=r"channels\.email\.host: Field required"):
        office.sender.send(ALERT, office.deadline)
    assert failed(office, drift_event()) == ["1"]

    office.put(good)

    assert failed(office, drift_event()) == []
    assert len(mail.messages) == 1


def test_a_changed_secret_is_in_effect_within_minutes(office: Office, slack: SlackSink) -> None:
    office.sender.send(ALERT, office.deadline)
    office.put('{"channels": {}}')
    other = alert_from_event(drift_event("drift-2"), "dev")
    assert office.sender.send(other, office.deadline) == ["email", "slack"]

    office.clock.now += 181

    assert (
        office.sender.send(alert_from_event(drift_event("drift-3"), "dev"), office.deadline) == []
    )
    assert len(slack.texts) == 2


@pytest.mark.parametrize("body", ["nonsense", "[]", '{"detail-type": "Drift Detected"}', "null"])
def test_a_message_that_cannot_be_read_holds_up_no_other(
    office: Office, mail: MailSink, body: str
) -> None:
    assert failed(office, body, drift_event()) == ["1"]
    assert len(mail.messages) == 1
