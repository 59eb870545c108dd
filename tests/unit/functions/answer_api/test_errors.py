"""What cannot be answered, on whichever route."""

import json

import pytest

from mlops_platform.errors import (
    ChampionChangedError,
    LedgerConflictError,
    LedgerIntegrityError,
    NoEarlierReleaseError,
    TrackingServerError,
)
from mlops_platform.registry.control_service import ControlService
from tests.unit.functions.answer_api.calls import MODEL, Call


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
