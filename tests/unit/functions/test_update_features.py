import base64
import gzip
import json
from typing import Any

import pytest

from mlops_platform.serving.feature_updates import FeatureUpdates
from mlops_platform.serving.served_transaction import ServedTransaction

FEATURES = {
    "transaction_id": "t1",
    "user_id": "u",
    "merchant_id": "m",
    "timestamp": "2026-03-02T12:00:00Z",
    "amount": 12.5,
}

RECORD = {
    "record": "prediction",
    "prediction_id": "p1",
    "timestamp": "2026-03-02T12:00:01.5+00:00",
}


class Store:
    """Remembers what it was asked to apply."""

    def __init__(self) -> None:
        self.applied: list[ServedTransaction] = []

    def apply(self, transactions: list[ServedTransaction]) -> int:
        self.applied += transactions
        return len(transactions)


def delivery(*lines: str, kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    payload = {"messageType": kind, "logEvents": [{"message": line} for line in lines]}
    data = base64.b64encode(gzip.compress(json.dumps(payload).encode())).decode()
    return {"awslogs": {"data": data}}


def record(**features: Any) -> str:
    return json.dumps({**RECORD, "features": {**FEATURES, **features}})


@pytest.fixture
def store() -> Store:
    return Store()


def apply(store: Store, event: dict[str, Any]) -> dict[str, int]:
    return FeatureUpdates(store=store).apply(event)  # type: ignore[arg-type]


def test_records_become_transactions(store: Store) -> None:
    counts = apply(store, delivery(record(), record(transaction_id="t2", amount=1)))

    assert counts == {"records": 2, "applied": 2, "unreadable": 0}
    assert store.applied[0] == ServedTransaction("t1", "user#u", "merchant#m", 1_772_452_800, 1_250)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"text"',
        '{"record": "other"}',
        '{"record": "prediction"}',
        '{"record": "prediction", "features": null}',
        record(timestamp="yesterday"),
        record(timestamp=3),
        record(amount="much"),
        record(amount=None),
        record(timestamp="2026-03-03T12:00:02Z"),
    ],
)
def test_an_unreadable_line_is_counted_and_shown_and_holds_up_nobody(
    store: Store, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    counts = apply(store, delivery(line, record()))

    assert (counts["applied"], counts["unreadable"]) == (1, 1)
    assert "unreadable prediction record" in caplog.text


def test_what_a_request_left_out_is_as_the_prediction_understood_it(store: Store) -> None:
    line = json.dumps({**RECORD, "features": {"amount": 3, "merchant": "m", "user_id": None}})

    apply(store, delivery(line))

    assert store.applied == [ServedTransaction("p1", None, "merchant#m", 1_772_452_801, 300)]


def test_a_prediction_about_nobody_changes_no_features(store: Store) -> None:
    counts = apply(store, delivery(json.dumps({**RECORD, "features": {"amount": 3}})))

    assert counts == {"records": 1, "applied": 0, "unreadable": 0}


def test_control_messages_are_skipped(store: Store) -> None:
    event = delivery("CWL CONTROL MESSAGE: Checking health", kind="CONTROL_MESSAGE")

    assert apply(store, event) == {"records": 0, "applied": 0, "unreadable": 0}
