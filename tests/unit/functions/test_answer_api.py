import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from moto import mock_aws

from mlops_platform.aws.clients import client
from mlops_platform.errors import ChampionChangedError, TrackingServerError
from mlops_platform.registry.control_service import ControlService
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.routing_table import RoutingTable
from mlops_platform.serving.routing import Variant
from tests.unit.registry.fake_mlflow import FakeMlflow
from tests.unit.registry.manifests import bundle

HANDLER = Path(__file__).parents[3] / "functions/answer_api/handler.py"
MODEL, TABLE = "fraud_detection", "routing"
CONTEXT = SimpleNamespace(
    function_name="answer_api",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:answer_api",
    aws_request_id="request-7",
)

Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[ControlService]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client.cache_clear()
    with mock_aws():
        client("dynamodb").create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "model_name", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "model_name", "AttributeType": "S"}],
        )
        yield ControlService(
            mlflow=FakeMlflow(), routing_table=RoutingTable(client("dynamodb"), TABLE)
        )
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


def event(method: str, path: str, body: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "accountId": "123456789012",
            "stage": "$default",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "::1"},
        },
        "isBase64Encoded": False,
        **({} if body is None else {"body": body}),
        **more,
    }


@pytest.fixture
def two_versions(service: ControlService) -> ModelRegistry:
    registry = ModelRegistry(service.mlflow)
    registry.register(MODEL, **bundle(1))
    registry.stage(registry.register(MODEL, **bundle(2)))
    return registry


def test_a_healthy_platform_says_so(call: Call) -> None:
    assert call("GET", "/health") == (
        200,
        {
            "status": "ok",
            "dependencies": {
                "routing_table": {"status": "ok"},
                "tracking_server": {"status": "ok"},
            },
        },
    )


def test_health_names_the_tracking_server_that_does_not_answer(
    call: Call, service: ControlService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise TrackingServerError("gone")

    monkeypatch.setattr(service.mlflow, "check_health", refuse)

    status, body = call("GET", "/health")

    assert (status, body["status"]) == (503, "unavailable")
    assert body["dependencies"]["tracking_server"] == {"status": "unavailable"}
    assert body["dependencies"]["routing_table"] == {"status": "ok"}


def test_health_names_the_table_that_does_not_answer(call: Call, service: ControlService) -> None:
    service.routing_table.dynamodb.delete_table(TableName=TABLE)

    status, body = call("GET", "/health")

    assert status == 503
    assert body["dependencies"]["routing_table"] == {"status": "unavailable"}


def test_experiments_are_listed(call: Call) -> None:
    status, body = call("GET", "/experiments")

    assert status == 200
    assert body["experiments"][0]["name"] == "Default"


def test_models_are_listed_before_anything_is_trained(call: Call) -> None:
    status, body = call("GET", "/models")

    assert status == 200
    (model,) = body["models"]
    assert model["name"] == MODEL
    assert (model["production"], model["staging"], model["versions"]) == (None, None, 0)


@pytest.mark.usefixtures("two_versions")
def test_a_model_is_shown_with_its_versions(call: Call) -> None:
    call("POST", f"/models/{MODEL}/promote/production", '{"version": "1.0.0"}')

    status, body = call("GET", f"/models/{MODEL}")

    assert status == 200
    assert (body["production"], body["staging"], body["revision"]) == ("1.0.0", "1.0.1", 1)
    assert [(v["version"], v["stage"]) for v in body["versions"]] == [
        ("1", "Production"),
        ("2", "Staging"),
    ]
    assert body["versions"][0]["metrics"] == {"accuracy": 0.99}
    assert call("GET", "/models")[1]["models"][0]["versions"] == 2


def test_reading_a_model_mends_what_a_dead_release_left_behind(
    call: Call, service: ControlService, two_versions: ModelRegistry
) -> None:
    call("POST", f"/models/{MODEL}/promote/production", '{"version": "1"}')
    second = two_versions.find(MODEL, "2")
    variant = Variant(
        version="2",
        semantic_version="1.0.1",
        bundle_uri=second.bundle_uri,
        weight=1.0,
    )
    service.routing_table.write(MODEL, [variant], expected_revision=1)

    _, body = call("GET", f"/models/{MODEL}")

    assert (body["production"], body["staging"]) == ("1.0.1", None)
    assert [version["stage"] for version in body["versions"]] == ["Archived", "Production"]
    assert two_versions.aliases(MODEL) == {"production": "2"}
    assert two_versions.agrees(MODEL, "2")


@pytest.mark.parametrize("version", ['"2"', '"1.0.1"', "2"])
@pytest.mark.usefixtures("two_versions")
def test_a_version_is_promoted_by_number_or_by_meaning(
    call: Call, service: ControlService, version: str
) -> None:
    status, body = call("POST", f"/models/{MODEL}/promote/production", f'{{"version": {version}}}')

    assert status == 200
    assert body == {
        "model_name": MODEL,
        "stage": "production",
        "version": "2",
        "semantic_version": "1.0.1",
        "revision": 1,
    }
    routing = service.routing_table.read(MODEL)
    assert routing is not None
    assert routing.variants[0].version == "2"


def test_a_version_is_promoted_to_staging(call: Call, two_versions: ModelRegistry) -> None:
    status, body = call("POST", f"/models/{MODEL}/promote/staging", '{"version": "1"}')

    assert (status, body["stage"]) == (200, "staging")
    assert two_versions.aliases(MODEL) == {"staging": "1"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (None, 400),
        ("", 400),
        ("{", 400),
        ("\x00", 400),
        ("{}", 422),
        ("[]", 422),
        ("null", 422),
        ('"3"', 422),
        ('{"version": null}', 422),
        ('{"version": ""}', 422),
        ('{"version": true}', 422),
        ('{"version": ["1"]}', 422),
        ('{"version": "99"}', 404),
        ('{"version": "9.9.9"}', 404),
    ],
)
@pytest.mark.usefixtures("two_versions")
def test_a_bad_promotion_is_explained_and_changes_nothing(
    call: Call, service: ControlService, body: str | None, status: int
) -> None:
    answered, problem = call("POST", f"/models/{MODEL}/promote/production", body)

    assert answered == status
    assert problem["detail"]
    if status == 422:
        assert problem["errors"][0]["field"] == "version"
    assert service.routing_table.read(MODEL) is None


def test_a_body_that_is_not_the_base64_it_claims_to_be_is_malformed(call: Call) -> None:
    path = f"/models/{MODEL}/promote/production"

    assert call("POST", path, "no base64!", isBase64Encoded=True)[0] == 400


def test_an_unknown_stage_is_explained(call: Call, two_versions: ModelRegistry) -> None:
    status, problem = call("POST", f"/models/{MODEL}/promote/heaven", '{"version": "1"}')

    assert status == 422
    assert problem["errors"][0]["field"] == "stage"
    assert two_versions.aliases(MODEL) == {"staging": "2"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/models/nothing"),
        ("POST", "/models/nothing/promote/production"),
        ("POST", "/ml/nothing/predict"),
        ("GET", "/ml/nothing/health"),
        ("POST", "/ml/a'; drop table/predict"),
    ],
)
def test_an_unknown_model_is_answered_with_the_known_ones(
    call: Call, method: str, path: str
) -> None:
    status, problem = call(method, path, '{"version": "1"}')

    assert status == 404
    assert f"Known models: {MODEL}" in problem["detail"]
    assert problem["type"] == "urn:selfmonitor-mlops:problem:model-not-found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/nothing"),
        ("DELETE", "/models"),
        ("GET", f"/models/{MODEL}/promote/production"),
        ("POST", f"/ml/{MODEL}/explode"),
        ("PUT", f"/ml/{MODEL}/predict"),
    ],
)
def test_an_unknown_route_is_a_problem_too(call: Call, method: str, path: str) -> None:
    status, problem = call(method, path)

    assert status == 404
    assert problem["type"] == "urn:selfmonitor-mlops:problem:route-not-found"


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (ChampionChangedError("somebody was faster"), 409, "champion-changed"),
        (TrackingServerError("MLflow is away"), 503, "tracking-server"),
    ],
)
def test_the_world_s_errors_have_their_status(
    call: Call,
    service: ControlService,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    kind: str,
) -> None:
    def fail(_service: ControlService) -> None:
        raise error

    monkeypatch.setattr(type(service), "experiments", fail)

    answered, problem = call("GET", "/experiments")

    assert answered == status
    assert problem["type"].endswith(kind)
    assert problem["detail"] == str(error)


def test_an_unforeseen_error_shows_no_stack(
    call: Call, service: ControlService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_service: ControlService) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(type(service), "experiments", fail)

    status, problem = call("GET", "/experiments")

    assert status == 500
    assert "secret" not in json.dumps(problem)
    assert "request-7" in problem["detail"]
