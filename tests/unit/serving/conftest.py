import sys
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from moto import mock_aws

from mlops_platform.aws.clients import client
from mlops_platform.serving.http import answers_problems, read_request
from mlops_platform.serving.predict_service import PredictService
from tests.unit.serving import tiny_model
from tests.unit.serving.small_cloud import SETTINGS, SmallCloud

Send = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCloud]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    module = ModuleType("mlops_platform.models.tiny.inference")
    module.load_inference = tiny_model.load_inference  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mlops_platform.models.tiny", ModuleType("tiny"))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    client.cache_clear()
    with mock_aws():
        small = SmallCloud(client("dynamodb"), client("s3"))
        small.create()
        yield small
    client.cache_clear()


@pytest.fixture
def service(cloud: SmallCloud) -> PredictService:  # noqa: ARG001 - must be there first
    return PredictService.from_settings(SETTINGS)


@pytest.fixture
def send(service: PredictService) -> Send:
    """Return the function's handler over a service that the test can reach."""

    @answers_problems
    def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
        return service.answer(read_request(event))

    return lambda event: handler(event, SimpleNamespace(aws_request_id="r-1"))
