"""The events of the release workflow's functions, as its states make them."""

from types import SimpleNamespace
from typing import Any

MODEL = "fraud_detection"
EXECUTION = "arn:aws:states:eu-west-1:123456789012:execution:release:e-1"
PREPARED = {
    "version": "2",
    "semantic_version": "1.0.1",
    "bundle_uri": "s3://bundles/fraud_detection/2/",
    "bundle_sha256": "2" * 64,
    "expected_revision": 3,
}
EVENTS: dict[str, dict[str, Any]] = {
    "prepare_release": {"model_name": MODEL, "version": "2", "comparison": {"champion": None}},
    "release_model": {
        "model_name": MODEL,
        "prepared": PREPARED,
        "execution": EXECUTION,
        "requested_by": "ada",
        "cause": "drift",
        "evidence": {"golden_examples": {"n_examples": 11}},
    },
    "roll_back_release": {
        "model_name": MODEL,
        "version": "2",
        "execution": EXECUTION,
        "error": {
            "Error": "GoldenExampleError",
            "Cause": '{"errorMessage": "Example 2 is answered otherwise."}',
        },
    },
    "follow_stages": {"model_names": [MODEL]},
}


def context_of(function: str) -> SimpleNamespace:
    """Return what Lambda hands to a function beside its event."""
    return SimpleNamespace(
        function_name=function,
        memory_limit_in_mb=512,
        invoked_function_arn=f"arn:aws:lambda:us-east-1:123456789012:function:{function}",
        aws_request_id="request-7",
    )
