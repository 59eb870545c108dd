"""The SDK's releases against a state machine and an API that remember what they were asked."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from mlops_platform import MLOpsConfig, ModelDeploymentManager
from mlops_platform.errors import ModelNotFoundError, ReleaseFailedError
from mlops_platform.sdk import executions, model_deployment
from mlops_platform.sdk.api_client import ApiClient

MODEL = "fraud_detection"
RELEASED = {"model_name": MODEL, "version": "3", "semantic_version": "1.0.2", "revision": 9}
CALLER = "arn:aws:sts::123456789012:assumed-role/engineer/ada"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Cloud:
    """Step Functions, STS and the HTTP API in one; an execution ends as `ended` says."""

    def __init__(self) -> None:
        self.ended: dict[str, Any] = {
            "status": "SUCCEEDED",
            "output": json.dumps({"release": RELEASED}),
        }
        self.started: list[dict[str, Any]] = []
        self.called: list[tuple[str, str, Any]] = []

    def start_execution(self, **asked: Any) -> dict[str, Any]:
        self.started.append(asked)
        return {"executionArn": "arn:e"}

    def get_caller_identity(self) -> dict[str, Any]:
        return {"Arn": CALLER}

    def describe_execution(self, **_: Any) -> dict[str, Any]:
        times = {"startDate": NOON, "stopDate": NOON + timedelta(seconds=2)}
        return {"executionArn": "arn:e", **times, **self.ended}

    def get_paginator(self, _: str) -> Any:
        return SimpleNamespace(paginate=lambda **_: [{"events": []}])

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        self.called.append((method, path, body))
        return {"revision": 9, "production": "1.0.2", "releases": [{"sequence": 9}]}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    cloud = Cloud()
    for module in (executions, model_deployment):
        monkeypatch.setattr(module, "client", lambda _: cloud)
    monkeypatch.setattr(model_deployment, "discover", lambda _, key: f"arn:{key}")
    monkeypatch.setattr(ApiClient, "call", lambda _, *asked: cloud.call(*asked))
    return cloud


@pytest.fixture
def manager() -> ModelDeploymentManager:
    return ModelDeploymentManager(MLOpsConfig(api_key="k"))


def test_a_deployment_goes_through_the_release_workflow(
    cloud: Cloud, manager: ModelDeploymentManager
) -> None:
    answer = asyncio.run(manager.deploy_to_production(model_name=MODEL, version="3"))

    assert answer == RELEASED
    (started,) = cloud.started
    assert started["stateMachineArn"] == "arn:release_state_machine_arn"
    assert json.loads(started["input"]) == {
        "model_name": MODEL,
        "version": "3",
        "comparison": None,
        "cause": "deployed by hand",
        "requested_by": CALLER,
        "evidence": {},
    }


def test_two_deployments_are_two_executions_with_names_that_step_functions_takes(
    cloud: Cloud, manager: ModelDeploymentManager
) -> None:
    names = {manager.start(MODEL, "1.0.2") and cloud.started[-1]["name"] for _ in range(2)}

    assert len(names) == 2
    assert all(len(name) <= 80 and name.startswith(f"{MODEL}-") for name in names)


def test_a_failed_deployment_says_why(cloud: Cloud, manager: ModelDeploymentManager) -> None:
    cloud.ended = {"status": "FAILED", "error": "GoldenExampleError", "cause": "Example 2 …"}

    with pytest.raises(ReleaseFailedError, match=r"version 3 .* GoldenExampleError: Example 2"):
        asyncio.run(manager.deploy_to_production(MODEL, "3"))


def test_an_unknown_model_is_not_deployed(cloud: Cloud, manager: ModelDeploymentManager) -> None:
    with pytest.raises(ModelNotFoundError):
        asyncio.run(manager.deploy_to_production("nothing", "3"))

    assert cloud.started == []


def test_a_rollback_leaves_what_was_seen_and_nothing_else(
    cloud: Cloud, manager: ModelDeploymentManager
) -> None:
    asyncio.run(manager.rollback(MODEL, reason="too many alarms"))

    assert cloud.called == [
        ("GET", f"/models/{MODEL}/releases", None),
        (
            "POST",
            f"/models/{MODEL}/rollback",
            {"reason": "too many alarms", "version": None, "revision": 9},
        ),
    ]


def test_history_is_of_now_or_of_a_moment(cloud: Cloud, manager: ModelDeploymentManager) -> None:
    assert asyncio.run(manager.history(MODEL)) == [{"sequence": 9}]
    asyncio.run(manager.history(MODEL, at=NOON))

    assert [path for _, path, _ in cloud.called] == [
        f"/models/{MODEL}/releases",
        f"/models/{MODEL}/releases?at=2026-03-01T12%3A00%3A00%2B00%3A00",
    ]
