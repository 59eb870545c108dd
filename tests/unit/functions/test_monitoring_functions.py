"""The thin handlers of monitoring: what they hand on, and what they answer."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.functions.handlers import load_handler
from tests.unit.notifications.alert_events import batch, drift_event

CONTEXT = SimpleNamespace(
    function_name="f",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:f",
    aws_request_id="r",
)


def test_a_subscription_s_event_is_captured(monkeypatch: pytest.MonkeyPatch) -> None:
    module = load_handler("ingest_predictions")
    fake = SimpleNamespace(capture=lambda event: {"counted": event["n"]})
    monkeypatch.setattr(module, "capture", lambda: fake)

    assert module.handler({"n": 3}, None) == {"counted": 3}


def test_a_queue_s_batch_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    module = load_handler("join_feedback")
    joined: list[Any] = []
    monkeypatch.setattr(module, "label_join", lambda: SimpleNamespace(join=joined.append))
    body = '{"model_name": "m", "received_at": 1, "labels": []}'

    answer = module.handler({"Records": [{"messageId": "1", "body": body}]}, None)

    assert answer == {"batchItemFailures": []}
    assert [feedback.received_at for feedback in joined] == [1]


def test_a_schedule_s_time_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    module = load_handler("compact_profiles")
    moments: list[datetime] = []

    def compact_all(now: datetime) -> dict[str, int]:
        moments.append(now)
        return {"before": 2, "after": 1}

    monkeypatch.setattr(module, "compaction", lambda: SimpleNamespace(compact_all=compact_all))

    assert module.handler({"time": "2026-03-02T12:20:00Z"}, CONTEXT) == {"before": 2, "after": 1}
    assert moments == [datetime.fromisoformat("2026-03-02T12:20:00+00:00")]


def test_an_alert_has_the_time_that_the_function_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    module = load_handler("send_alert")
    sent: list[float] = []

    def send(_alert: Any, deadline: float) -> list[str]:
        sent.append(deadline)
        return []

    sender = SimpleNamespace(environment="dev", send=send)
    monkeypatch.setattr(module, "alert_sender", lambda: sender)
    monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: 1_000.0))
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)

    assert module.handler(batch(drift_event()), context) == {"batchItemFailures": []}
    assert sent == [1_055.0]


def test_drift_is_watched_at_the_schedule_s_time(monkeypatch: pytest.MonkeyPatch) -> None:
    module = load_handler("detect_drift")
    asked: list[tuple[datetime, str | None]] = []

    def detect(now: datetime, model_name: str | None) -> dict[str, Any]:
        asked.append((now, model_name))
        return {}

    monkeypatch.setattr(module, "detection", lambda: SimpleNamespace(detect=detect))
    time = "2026-03-02T12:40:00Z"

    assert module.handler({"time": time}, CONTEXT) == {}
    assert module.handler({"time": time, "model_name": "m"}, CONTEXT) == {}
    now = datetime.fromisoformat("2026-03-02T12:40:00+00:00")
    assert asked == [(now, None), (now, "m")]


def test_a_retraining_is_considered_for_the_event_s_model(monkeypatch: pytest.MonkeyPatch) -> None:
    module = load_handler("start_retraining")
    asked: list[tuple[str, str, datetime]] = []

    def consider(model_name: str, state_machine_arn: str, now: datetime) -> dict[str, Any]:
        asked.append((model_name, state_machine_arn, now))
        return {"execution": None}

    monkeypatch.setattr(module, "retraining", lambda: SimpleNamespace(consider=consider))
    event = {"model_name": "m", "state_machine_arn": "arn", "time": "2026-03-02T12:50:00Z"}

    assert module.handler(event, CONTEXT) == {"execution": None}
    assert asked == [("m", "arn", datetime.fromisoformat("2026-03-02T12:50:00+00:00"))]
