import json

import pytest

from mlops_platform.serving.predict_service import PredictService
from tests.unit.functions.handlers import load_handler


def test_a_function_without_its_settings_answers_like_any_other_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MODEL_NAME", raising=False)

    answer = load_handler("predict").handler({}, None)

    assert answer["statusCode"] == 500
    assert json.loads(answer["body"])["type"].startswith("urn:")


def test_the_service_is_made_once_per_execution_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("MODEL_NAME", "fraud_detection")
    monkeypatch.setenv("ROUTING_TABLE", "routing")
    monkeypatch.setenv("FEATURE_TABLE", "features")
    module = load_handler("predict")

    first = module.service()

    assert isinstance(first, PredictService)
    assert module.service() is first
