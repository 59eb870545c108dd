"""Starting a training: when its data ends, and that a cause starts it once."""

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from moto import mock_aws

from mlops_platform.aws.clients import client
from mlops_platform.config.models import MODELS
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.training_pipeline import TrainingPipeline

MODEL = "fraud_detection"
DEFINITION = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingPipeline]:
    """A training pipeline that succeeds at once."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client.cache_clear()
    discover.cache_clear()
    config = MLOpsConfig(environment="dev")
    with mock_aws():
        machine = client("stepfunctions").create_state_machine(
            name="training",
            definition=json.dumps(DEFINITION),
            roleArn="arn:aws:iam::123456789012:role/training",
        )["stateMachineArn"]
        client("ssm").put_parameter(
            Name=f"{config.parameter_prefix}/training_state_machine_arn/{MODEL}",
            Value=machine,
            Type="String",
        )
        yield TrainingPipeline(config)
    client.cache_clear()
    discover.cache_clear()


def given_to(execution_arn: str) -> dict[str, Any]:
    described = client("stepfunctions").describe_execution(executionArn=execution_arn)
    return dict(json.loads(described["input"]))


@pytest.fixture
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process live where the clock shows another time than UTC."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_from_utc")
@pytest.mark.parametrize(
    "as_of",
    [NOON, NOON.replace(tzinfo=None), NOON.astimezone(timezone(timedelta(hours=-5)))],
)
def test_a_moment_without_a_time_zone_is_utc(pipeline: TrainingPipeline, as_of: datetime) -> None:
    assert given_to(pipeline.start(MODEL, as_of=as_of))["as_of"] == "2026-03-01T12:00:00Z"


def test_a_cause_starts_one_training_a_day_and_the_second_start_finds_it(
    pipeline: TrainingPipeline,
) -> None:
    first = pipeline.start(MODEL, as_of=NOON, cause="drift-7")
    again = pipeline.start(MODEL, as_of=NOON + timedelta(hours=1), cause="drift-7")
    other = pipeline.start(MODEL, as_of=NOON + timedelta(days=1), cause="drift-7")

    assert first.endswith(f":{MODEL}-2026-03-01-drift-7")
    assert (again, other) == (first, first.replace("03-01", "03-02"))
    assert given_to(again)["as_of"] == "2026-03-01T12:00:00Z"


def test_without_a_cause_every_start_is_a_new_one(pipeline: TrainingPipeline) -> None:
    assert pipeline.start(MODEL, as_of=NOON) != pipeline.start(MODEL, as_of=NOON)


def test_a_threshold_that_was_set_goes_with_the_training(
    monkeypatch: pytest.MonkeyPatch, pipeline: TrainingPipeline
) -> None:
    monkeypatch.setenv("AUTO_PROMOTE_THRESHOLD", "0.97")

    execution = TrainingPipeline(MLOpsConfig(environment="dev")).start(MODEL, as_of=NOON)

    assert pipeline.config.auto_promote_threshold is None
    assert given_to(execution)["auto_promote_threshold"] == 0.97


def test_without_one_the_model_decides(
    monkeypatch: pytest.MonkeyPatch, pipeline: TrainingPipeline
) -> None:
    monkeypatch.delenv("AUTO_PROMOTE_THRESHOLD", raising=False)

    execution = pipeline.start(MODEL, as_of=NOON)

    assert set(given_to(execution)) == {"model_name", "as_of", "cause"}


@pytest.mark.parametrize("model", [model.name for model in MODELS])
def test_every_model_has_a_method_of_its_own(
    pipeline: TrainingPipeline, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    async def run_training(name: str, *, as_of: datetime | None = None) -> bool:
        return (name, as_of) == (model, NOON)

    monkeypatch.setattr(pipeline, "run_training", run_training)

    assert asyncio.run(getattr(pipeline, f"run_{model}_training")(as_of=NOON)) is True
