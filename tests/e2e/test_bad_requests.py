"""Every bad request gets a clear problem document, and leaves nothing behind."""

import json
from typing import Any

import pytest
import urllib3

from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.api_client import ApiClient
from tests.e2e.platform import MODEL, Platform

PREDICT = f"/ml/{MODEL}/predict"
BATCH = f"/ml/{MODEL}/batch_predict"


def send(platform: Platform, path: str, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
    answer = urllib3.request(
        "POST",
        f"{platform.api.url}{path}",
        body=body,
        headers={
            "x-api-key": platform.config.api_key,
            "content-type": "application/json",
            **headers,
        },
    )
    return answer.status, json.loads(answer.data)


@pytest.mark.parametrize(
    ("features", "field"),
    [
        ({}, "amount"),
        ({"amount": "ten"}, "amount"),
        ({"amount": -1}, "amount"),
        ({"amount": 1, "colour": "red"}, "colour"),
        ({"amount": 1, "timestamp": "soon"}, "timestamp"),
    ],
)
def test_a_wrong_feature_is_named(platform: Platform, features: dict[str, Any], field: str) -> None:
    status, problem = send(platform, PREDICT, json.dumps({"features": features}).encode())

    assert status == 422
    assert field in problem["errors"][0]["field"]
    assert problem["errors"][0]["message"]


def test_a_number_that_json_does_not_know_is_refused(platform: Platform) -> None:
    status, problem = send(platform, PREDICT, b'{"features": {"amount": NaN}}')

    assert status == 400
    assert problem["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"features": 5}', b"\xff\xfe"])
def test_what_is_no_request_is_refused(platform: Platform, body: bytes) -> None:
    status, problem = send(platform, PREDICT, body)

    assert status in {400, 422}
    assert problem["title"]
    assert problem["detail"]


def test_a_wrong_row_of_a_batch_is_named_and_the_others_are_predicted(platform: Platform) -> None:
    rows = [{"amount": 1}, {"amount": "x"}, {"amount": 2}]

    status, answer = send(platform, BATCH, json.dumps({"instances": rows}).encode())

    assert status == 200
    assert answer["n_failed"] == 1
    first, second, third = answer["predictions"]
    assert second["errors"][0]["field"] == "instances[1].amount"
    for predicted in (first, third):
        assert 0 <= predicted["prediction"]["fraud_probability"] <= 1


def test_a_batch_of_which_no_row_can_be_predicted_is_refused(platform: Platform) -> None:
    status, problem = send(platform, BATCH, b'{"instances": [{"amount": "x"}, 7]}')

    assert status == 422
    assert [each["field"] for each in problem["errors"]] == ["instances[0].amount", "instances[1]"]


def test_a_body_beyond_ten_megabytes_is_refused(platform: Platform) -> None:
    status, _ = send(platform, PREDICT, b" " * (10 * 1024 * 1024 + 1))

    assert status == 413


def test_an_unknown_model_is_answered_with_the_known_ones(platform: Platform) -> None:
    answer = platform.api.request("POST", "/ml/weather/predict", {"features": {"amount": 1}})

    assert answer.status == 404
    assert MODEL in answer.body["detail"]


def test_an_unknown_version_is_answered_with_the_deployed_ones(platform: Platform) -> None:
    answer = platform.api.request(
        "POST", PREDICT, {"features": {"amount": 1}, "model_version": "9.9.9"}
    )

    assert answer.status == 404
    assert "1.0.0" in answer.body["detail"]


def test_a_stranger_is_refused(platform: Platform) -> None:
    assert platform.config.api_key != "sm_stranger"
    stranger = ApiClient(MLOpsConfig(api_key="sm_stranger"))

    assert stranger.request("POST", PREDICT, {"features": {"amount": 1}}).status == 403


def test_a_caller_without_a_key_is_refused(platform: Platform) -> None:
    answer = urllib3.request("POST", f"{platform.api.url}{PREDICT}", body=b"{}")

    assert answer.status == 401
