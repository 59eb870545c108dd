import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from mlops_platform.aws.clients import client
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.drift_verdicts import DriftVerdicts
from mlops_platform.monitoring.feedback import Feedback, Label
from mlops_platform.monitoring.incident import DRIFT, Incident, Incidents
from mlops_platform.monitoring.monitoring_service import MonitoringService
from tests.unit.functions.handlers import load_handler
from tests.unit.monitoring.conftest import (
    aws,
    credentials,
    fast_transactions,
    platform,
    series,
)
from tests.unit.monitoring.small_platform import (
    MODEL,
    NOON,
    SmallPlatform,
    delivery,
    prediction_id,
    put_bundle,
    some_records,
)

__all__ = ["aws", "credentials", "fast_transactions", "platform", "series"]

CONTEXT = SimpleNamespace(
    function_name="answer_monitoring",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:answer_monitoring",
    aws_request_id="request-7",
)
NAME = prediction_id(NOON * 1_000, Random(0))  # noqa: S311 - repeatable on purpose
MOMENT = datetime.fromtimestamp(NOON, UTC)

Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def queue_url(platform: SmallPlatform) -> str:  # noqa: ARG001 - must be there first
    return str(client("sqs").create_queue(QueueName="feedback")["QueueUrl"])


@pytest.fixture
def call(platform: SmallPlatform, queue_url: str, monkeypatch: pytest.MonkeyPatch) -> Call:
    module = load_handler("answer_monitoring")
    service = MonitoringService(
        profiles=platform.profiles,
        sqs=client("sqs"),
        feedback_queue_url=queue_url,
        clock=lambda: MOMENT + timedelta(minutes=90),
    )
    monkeypatch.setattr(module, "service", lambda: service)

    def send(method: str, path: str, body: str | None = None, **query: str) -> Any:
        event = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": "",
            "queryStringParameters": query,
            "headers": {"content-type": "application/json"},
            "requestContext": {"stage": "$default", "http": {"method": method, "path": path}},
            "body": body,
            "isBase64Encoded": False,
        }
        answer = module.handler(event, CONTEXT)
        return answer["statusCode"], json.loads(answer["body"])

    return send


def test_labels_are_accepted_and_sent_on(call: Call, queue_url: str) -> None:
    body = json.dumps({"labels": [{"prediction_id": NAME, "label": True}]})

    assert call("POST", f"/ml/{MODEL}/feedback", body) == (202, {"accepted": 1})

    (message,) = client("sqs").receive_message(QueueUrl=queue_url)["Messages"]
    feedback = Feedback.from_message(message["Body"])
    assert feedback.labels == [Label(NAME, True, NOON + 5_400)]


def test_wrong_labels_are_named_and_nothing_is_sent_on(call: Call, queue_url: str) -> None:
    status, problem = call("POST", f"/ml/{MODEL}/feedback", '{"labels": [{"label": 1}]}')

    assert status == 422
    fields = {"labels[0].label", "labels[0].prediction_id"}
    assert {error["field"] for error in problem["errors"]} == fields
    assert call("POST", f"/ml/{MODEL}/feedback", "{")[0] == 400
    assert "Messages" not in client("sqs").receive_message(QueueUrl=queue_url)


def test_a_model_that_does_not_exist_has_no_labels_no_performance_and_no_drift(call: Call) -> None:
    assert call("POST", "/ml/horoscope/feedback", "{}")[0] == 404
    assert call("GET", "/models/horoscope/performance")[0] == 404
    assert call("GET", "/models/horoscope/drift")[0] == 404
    assert call("GET", "/nothing")[0] == 404


def test_performance_counts_what_happened_in_the_period(
    call: Call, platform: SmallPlatform, series: Series
) -> None:
    platform.capture.capture(delivery(some_records(series, 40)))

    status, day = call("GET", f"/models/{MODEL}/performance")
    _, hour = call("GET", f"/models/{MODEL}/performance", period="hour")
    _, month = call("GET", f"/models/{MODEL}/performance", period="month")

    assert (status, day["period"], day["predictions"]) == (200, "day", 40)
    assert (hour["from"], hour["to"], hour["predictions"]) == (
        "2026-03-02T13",
        "2026-03-02T14",
        20,
    )
    assert (month["from"], month["to"], month["predictions"]) == ("2026-02-01", "2026-03-03", 40)
    (version,) = day["versions"]
    assert (version["model_version"], version["bundle_sha256"]) == ("1.0.0", series.bundle_sha256)


def test_versions_add_up_as_far_as_their_bins_allow(
    call: Call, platform: SmallPlatform, series: Series
) -> None:
    other = put_bundle(platform.log.s3, seed=1)
    records = [*some_records(series, 20), *some_records(other, 30, seed=1)]
    platform.capture.capture(delivery(records))
    labels = [Label(r["prediction_id"], n % 2 == 0, NOON) for n, r in enumerate(records)]
    platform.label_join.join(Feedback(model_name=MODEL, received_at=NOON, labels=labels))

    _, answer = call("GET", f"/models/{MODEL}/performance")

    right = [(r["output"]["risk"] >= 0.5) == (n % 2 == 0) for n, r in enumerate(records)]
    assert answer["accuracy"] == pytest.approx(sum(right) / 50)
    assert (answer["predictions"], answer["labelled"], answer["positives"]) == (50, 50, 25)
    assert answer["auc_roc"] is None
    assert all(version["auc_roc"] is not None for version in answer["versions"])


def test_an_unknown_period_is_refused(call: Call) -> None:
    status, problem = call("GET", f"/models/{MODEL}/performance", period="year")

    assert status == 422
    assert problem["errors"][0]["field"] == "period"


def test_a_model_that_was_never_asked_has_no_predictions(call: Call) -> None:
    status, answer = call("GET", f"/models/{MODEL}/performance")

    assert (status, answer["predictions"], answer["versions"]) == (200, 0, [])


def verdict(day: str, **more: Any) -> dict[str, Any]:
    return {"day": day, "verdict": "PASS", **more}


def test_drift_is_told_by_days_the_newest_first_with_the_open_incident(
    call: Call, platform: SmallPlatform
) -> None:
    # It is 2 March: two weeks reach back to 16 February
    days = ("2026-02-15", "2026-02-16", "2026-03-01")
    for day in days:
        DriftVerdicts(platform.table).store(MODEL, date.fromisoformat(day), verdict(day))
    incident = Incident(
        incident_id="one",
        model_name=MODEL,
        kind=DRIFT,
        bundle_uri="s3://bundles/one/",
        opened_at="2026-03-02T00:40:00+00:00",
        detail={"named": ["amount"]},
    )
    Incidents(platform.table).open(incident)

    status, answer = call("GET", f"/models/{MODEL}/drift")
    _, later = call("GET", f"/models/{MODEL}/drift", since="2026-03-01")

    assert (status, answer["since"]) == (200, "2026-02-16")
    assert [each["day"] for each in answer["verdicts"]] == ["2026-03-01", "2026-02-16"]
    assert answer["latest"] == verdict("2026-03-01")
    assert answer["incident"] == {
        "incident_id": "one",
        "opened_at": "2026-03-02T00:40:00+00:00",
        "told_at": None,
        "retraining": None,
        "retrained_at": None,
        "detail": {"named": ["amount"]},
    }
    assert later["verdicts"] == [verdict("2026-03-01")]


def test_a_model_that_was_never_judged_has_no_verdict(call: Call) -> None:
    status, answer = call("GET", f"/models/{MODEL}/drift")

    assert (status, answer["latest"], answer["verdicts"]) == (200, None, [])
    assert answer["incident"] is None


def test_the_latest_verdict_is_told_however_old_it_is(call: Call, platform: SmallPlatform) -> None:
    for day in ("2025-04-01", "2025-04-02"):
        DriftVerdicts(platform.table).store(MODEL, date.fromisoformat(day), verdict(day))

    _, answer = call("GET", f"/models/{MODEL}/drift")

    assert (answer["latest"], answer["verdicts"]) == (verdict("2025-04-02"), [])


def test_an_answer_holds_a_quarter_of_verdicts_and_says_since_when_these_are_all(
    call: Call, platform: SmallPlatform
) -> None:
    last = date(2026, 3, 1)
    days = [(last - timedelta(days=number)).isoformat() for number in range(100)]
    for day in days:
        DriftVerdicts(platform.table).store(MODEL, date.fromisoformat(day), verdict(day))

    _, answer = call("GET", f"/models/{MODEL}/drift", since="2020-01-01")

    assert [each["day"] for each in answer["verdicts"]] == days[:92]
    assert answer["since"] == days[91]


def test_drift_since_what_is_no_day_is_refused(call: Call) -> None:
    status, problem = call("GET", f"/models/{MODEL}/drift", since="yesterday")

    assert status == 422
    assert problem["errors"][0]["field"] == "since"
    assert "2026-03-01" in problem["errors"][0]["message"]
