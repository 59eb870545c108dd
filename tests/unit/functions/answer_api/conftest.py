import importlib.util
import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from moto import mock_aws

from mlops_platform.aws.clients import client
from mlops_platform.registry.control_service import ControlService
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.releases import Releases
from tests.unit.functions.answer_api.calls import CONTEXT, HANDLER, MODEL, Call, event, release
from tests.unit.registry.fake_mlflow import FakeMlflow
from tests.unit.registry.manifests import asked, bundle
from tests.unit.registry.tables import create_registry_tables, ledger_in


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[ControlService]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client.cache_clear()
    with mock_aws():
        create_registry_tables(client("dynamodb"))
        yield ControlService(mlflow=FakeMlflow(), ledger=ledger_in(client("dynamodb")))
    client.cache_clear()


@pytest.fixture
def module() -> ModuleType:
    """Return the handler's module, imported anew without its environment."""
    spec = importlib.util.spec_from_file_location("answer_api_handler", HANDLER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def call(module: ModuleType, service: ControlService, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setattr(module, "service", lambda: service)

    def send(method: str, path: str, body: str | None = None, **more: Any) -> Any:
        answer = module.handler(event(method, path, body, **more), CONTEXT)
        decoded = json.loads(answer["body"])
        content_type = answer["headers"]["Content-Type"]
        problem = answer["statusCode"] >= 400 and not path.startswith("/health")
        assert content_type == ("application/problem+json" if problem else "application/json")
        if problem:
            assert {"type", "title", "status", "detail"} <= decoded.keys()
            assert decoded["status"] == answer["statusCode"]
            assert "Traceback" not in answer["body"]
        return answer["statusCode"], decoded

    return send


@pytest.fixture
def two_versions(service: ControlService) -> ModelRegistry:
    registry = ModelRegistry(service.mlflow)
    releases = Releases(service.ledger, MODEL)
    for number in (1, 2):
        version = RegisteredVersion.of(registry.register(MODEL, **bundle(number)))
        releases.register(version, asked(f"register {number}"))
    releases.stage(version, asked("stage 2"))
    registry.follow(MODEL, production=None, staging="2")
    return registry


@pytest.fixture
def two_releases(service: ControlService, two_versions: ModelRegistry) -> ModelRegistry:
    for number in (1, 2):
        release(service, number)
    return two_versions
