import importlib.util
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from moto import mock_aws

from mlops_platform.aws.clients import client
from mlops_platform.errors import (
    ChampionChangedError,
    LedgerConflictError,
    LedgerIntegrityError,
    NoEarlierReleaseError,
    TrackingServerError,
)
from mlops_platform.registry.control_service import ControlService
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.releases import Releases
from tests.unit.registry.fake_mlflow import FakeMlflow
from tests.unit.registry.manifests import asked, bundle
from tests.unit.registry.tables import LEDGER, ROUTING, create_registry_tables, ledger_in

HANDLER = Path(__file__).parents[3] / "functions/answer_api/handler.py"
MODEL = "fraud_detection"
CONTEXT = SimpleNamespace(
    function_name="answer_api",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:answer_api",
    aws_request_id="request-7",
)

_request_ids = itertools.count(1)
Call = Callable[..., tuple[int, dict[str, Any]]]


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
            "requestId": f"id-{next(_request_ids)}",
            "authorizer": {"lambda": {"key_name": "ada", "scopes": "operate,read"}},
        },
        "isBase64Encoded": False,
        **({} if body is None else {"body": body}),
        **more,
    }


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


def release(service: ControlService, number: int) -> None:
    """Release a version without telling MLflow, as a release that dies after its entry does."""
    releases = Releases(service.ledger, MODEL)
    releases.release(releases.find(str(number)), asked(f"release {number}"))


def test_a_healthy_platform_says_so(call: Call) -> None:
    assert call("GET", "/health") == (
        200,
        {
            "status": "ok",
            "dependencies": {
                "ledger": {"status": "ok"},
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


@pytest.mark.parametrize(("table", "named"), [(LEDGER, "ledger"), (ROUTING, "routing_table")])
def test_health_names_the_table_that_does_not_answer(
    call: Call, service: ControlService, table: str, named: str
) -> None:
    service.ledger.table.dynamodb.delete_table(TableName=table)

    status, body = call("GET", "/health")

    assert status == 503
    unavailable = [n for n, d in body["dependencies"].items() if d["status"] == "unavailable"]
    assert unavailable == [named]


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
    assert (body["production"], body["staging"], body["revision"]) == ("1.0.0", "1.0.1", 4)
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
    release(service, 2)

    _, body = call("GET", f"/models/{MODEL}")

    assert (body["production"], body["staging"]) == ("1.0.1", None)
    assert [version["stage"] for version in body["versions"]] == ["Archived", "Production"]
    assert two_versions.aliases(MODEL) == {"production": "2"}
    assert two_versions.agrees(MODEL, production="2", staging=None)


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
        "revision": 4,
        "stages": "followed",
    }
    head = service.ledger.head(MODEL)
    assert head is not None
    assert head.serving.variants[0].version == "2"
    assert (head.cause.who, head.cause.why) == ("ada", "promoted by hand")
    assert head.cause.operation.startswith("request id-")


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
        ('{"version": "1", "reason": ""}', 422),
        ('{"version": "1", "reason": 7}', 422),
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
        assert problem["errors"][0]["field"] in {"version", "reason"}
    assert service.ledger.routing_table.read(MODEL) is None


def test_a_body_that_is_not_the_base64_it_claims_to_be_is_malformed(call: Call) -> None:
    path = f"/models/{MODEL}/promote/production"

    assert call("POST", path, "no base64!", isBase64Encoded=True)[0] == 400


@pytest.mark.usefixtures("two_versions")
def test_a_version_that_mlflow_alone_knows_is_entered_when_it_is_promoted(
    call: Call, service: ControlService
) -> None:
    ModelRegistry(service.mlflow).register(MODEL, **bundle(3))

    status, body = call("POST", f"/models/{MODEL}/promote/production", '{"version": "3"}')

    assert (status, body["version"]) == (200, "3")
    entries = service.ledger.verify(MODEL)
    assert [str(entry.transition) for entry in entries[-2:]] == ["registered", "released"]


@pytest.fixture
def two_releases(service: ControlService, two_versions: ModelRegistry) -> ModelRegistry:
    for number in (1, 2):
        release(service, number)
    return two_versions


@pytest.mark.usefixtures("two_releases")
def test_a_rollback_brings_the_version_before_back(call: Call, service: ControlService) -> None:
    status, body = call("POST", f"/models/{MODEL}/rollback", '{"reason": "too many alarms"}')

    assert (status, body) == (
        200,
        {
            "model_name": MODEL,
            "version": "1",
            "semantic_version": "1.0.0",
            "revision": 6,
            "stages": "followed",
        },
    )
    head = service.ledger.head(MODEL)
    assert head is not None
    assert (head.cause.who, head.cause.why) == ("ada", "too many alarms")


def test_back_and_forward_again_is_followed_by_mlflow(
    call: Call, two_releases: ModelRegistry
) -> None:
    path = f"/models/{MODEL}/rollback"

    call("POST", path, '{"reason": "back", "revision": 5}')
    assert two_releases.aliases(MODEL) == {"production": "1"}
    call("POST", path, '{"reason": "forward", "version": "1.0.1", "revision": 6}')

    assert two_releases.aliases(MODEL) == {"production": "2"}


@pytest.mark.usefixtures("two_releases")
def test_a_rollback_works_while_mlflow_is_away(
    call: Call, service: ControlService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise TrackingServerError("gone")

    monkeypatch.setattr(service.mlflow, "_call", refuse)

    status, body = call("POST", f"/models/{MODEL}/rollback", '{"reason": "now"}')

    assert (status, body["version"], body["stages"]) == (200, "1", "pending")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (None, 400, None),
        ("{", 400, None),
        ("{}", 422, "reason"),
        ("[]", 422, "reason"),
        ('{"reason": ""}', 422, "reason"),
        ('{"reason": " "}', 422, "reason"),
        ('{"reason": 7}', 422, "reason"),
        (json.dumps({"reason": "x" * 501}), 422, "reason"),
        ('{"reason": "r", "version": true}', 422, "version"),
        ('{"reason": "r", "version": ""}', 422, "version"),
        ('{"reason": "r", "revision": "5"}', 422, "revision"),
        ('{"reason": "r", "revision": true}', 422, "revision"),
        ('{"reason": "r", "version": "99"}', 404, None),
        ('{"reason": "r", "revision": 4}', 409, None),
    ],
)
@pytest.mark.usefixtures("two_releases")
def test_a_bad_rollback_is_explained_and_changes_nothing(
    call: Call, service: ControlService, body: str | None, status: int, field: str | None
) -> None:
    before = service.ledger.head(MODEL)

    answered, problem = call("POST", f"/models/{MODEL}/rollback", body)

    assert answered == status
    assert [error["field"] for error in problem.get("errors", [])] == ([field] if field else [])
    assert service.ledger.head(MODEL) == before


def test_without_a_release_there_is_nothing_to_roll_back(call: Call) -> None:
    assert call("POST", f"/models/{MODEL}/rollback", '{"reason": "r"}')[0] == 409


@pytest.mark.usefixtures("two_releases")
def test_the_ledger_is_shown_with_the_newest_entry_first(call: Call) -> None:
    status, body = call("GET", f"/models/{MODEL}/releases")

    assert status == 200
    assert (body["model_name"], body["production"], body["revision"]) == (MODEL, "1.0.1", 5)
    told = [(entry["sequence"], entry["transition"]) for entry in body["releases"]]
    assert told == [
        (5, "released"),
        (4, "released"),
        (3, "staged"),
        (2, "registered"),
        (1, "registered"),
    ]
    newest, second = body["releases"][:2]
    assert newest["previous_hash"] == second["hash"]
    assert (newest["who"], newest["version"]["semantic_version"]) == ("ada", "1.0.1")


@pytest.mark.usefixtures("two_releases")
def test_what_served_at_a_moment_is_told(call: Call, service: ControlService) -> None:
    first = service.ledger.verify(MODEL)[3]
    query = {"at": first.at.isoformat()}

    _, then = call("GET", f"/models/{MODEL}/releases", queryStringParameters=query)
    _, ever = call(
        "GET", f"/models/{MODEL}/releases", queryStringParameters={"at": "2020-01-01T00:00:00Z"}
    )

    assert (then["production"], then["revision"]) == ("1.0.0", 4)
    assert ever == {"model_name": MODEL, "production": None, "revision": None, "releases": []}


def test_a_moment_that_is_none_is_explained(call: Call) -> None:
    status, problem = call(
        "GET", f"/models/{MODEL}/releases", queryStringParameters={"at": "yesterday"}
    )

    assert (status, problem["errors"][0]["field"]) == (422, "at")


def test_an_unknown_stage_is_explained(call: Call, two_versions: ModelRegistry) -> None:
    status, problem = call("POST", f"/models/{MODEL}/promote/heaven", '{"version": "1"}')

    assert status == 422
    assert problem["errors"][0]["field"] == "stage"
    assert two_versions.aliases(MODEL) == {"staging": "2"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/models/nothing"),
        ("GET", "/models/nothing/releases"),
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
        (NoEarlierReleaseError("nothing before"), 409, "no-earlier-release"),
        (TrackingServerError("MLflow is away"), 503, "tracking-server"),
        (LedgerConflictError("too many writers"), 503, "ledger-conflict"),
        (LedgerIntegrityError("entry 3 was changed"), 500, "ledger-integrity"),
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
