"""`POST /models/{model}/rollback`."""

import json
from typing import Any

import pytest

from mlops_platform.errors import (
    TrackingServerError,
)
from mlops_platform.registry.control_service import ControlService
from mlops_platform.registry.model_registry import ModelRegistry
from tests.unit.functions.answer_api.calls import MODEL, Call


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
