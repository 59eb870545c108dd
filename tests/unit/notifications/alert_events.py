"""Events of the bus, as EventBridge delivers them."""

import json
from typing import Any

RELEASE = "arn:aws:states:us-east-1:123456789012:execution:release:r-1"


def drift_event(incident_id: str = "drift-1", **detail: Any) -> dict[str, Any]:
    return {
        "version": "0",
        "detail-type": "Drift Detected",
        "source": "selfmonitor.monitoring",
        "time": "2026-03-02T12:05:00Z",
        "detail": {
            "model_name": "fraud_detection",
            "incident_id": incident_id,
            "day": "2026-03-01",
            "model_drift_score": 0.31,
            "drift_scores": {"data": 0.31, "prediction": 0.12},
            "named": ["amount", "score"],
            "semantic_version": "1.0.0",
            **detail,
        },
    }


def failed_release_event() -> dict[str, Any]:
    return {
        "version": "0",
        "detail-type": "Release Failed",
        "source": "selfmonitor.releases",
        "time": "2026-03-02T12:05:00Z",
        "detail": {
            "model_name": "fraud_detection",
            "cause": "schedule",
            "requested_by": "training",
            "execution": RELEASE,
            "version": "3",
            "error": "GoldenExampleError",
            "reason": "answers differ by 0.2",
        },
    }


def batch(*events: dict[str, Any] | str) -> dict[str, Any]:
    """Return the event by which SQS hands over messages, numbered from 1."""
    bodies = [each if isinstance(each, str) else json.dumps(each) for each in events]
    return {
        "Records": [{"messageId": str(n), "body": body} for n, body in enumerate(bodies, start=1)]
    }
