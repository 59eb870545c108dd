"""What an event becomes for people."""

import re

import pytest

from mlops_platform.notifications.alert import alert_from_event
from tests.unit.notifications.alert_events import RELEASE, drift_event, failed_release_event


def test_drift_says_which_model_how_far_and_what_moved() -> None:
    alert = alert_from_event(drift_event(), "prod")

    assert (alert.incident_id, alert.model_name) == ("drift-1", "fraud_detection")
    assert alert.title == "[prod] fraud_detection: drift detected"
    assert alert.severity == "critical"
    lines = alert.body.splitlines()
    assert "what moved, the surest first: amount, score" in lines
    assert {"model_drift_score: 0.31", "drift of prediction: 0.12", "version: 1.0.0"} < set(lines)
    assert "time: 2026-03-02T12:05:00+00:00" in lines


def test_a_failed_release_is_an_incident_of_its_execution() -> None:
    alert = alert_from_event(failed_release_event(), "dev")

    assert (alert.incident_id, alert.severity) == (RELEASE, "warning")
    assert "reason: answers differ by 0.2" in alert.body


def test_an_alert_goes_out_without_what_only_describes_it() -> None:
    event = drift_event()
    for name in ("day", "drift_scores", "named", "semantic_version"):
        del event["detail"][name]

    assert "version: unknown" in alert_from_event(event, "dev").body


def test_a_title_is_one_line() -> None:
    title = alert_from_event(drift_event(model_name="m\r\nBcc: a@b.c"), "dev").title

    assert not re.search(r"[\r\n]", title)


def test_what_nobody_writes_of_is_named() -> None:
    with pytest.raises(ValueError, match="'Model Released', only for Drift Detected"):
        alert_from_event({**drift_event(), "detail-type": "Model Released"}, "dev")
