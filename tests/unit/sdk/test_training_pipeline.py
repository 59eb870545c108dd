import json
from typing import Any

import pytest

from mlops_platform import MLOpsConfig, TrainingPipeline
from mlops_platform.sdk import training_pipeline


class StepFunctions:
    """Remembers the inputs of the executions that were started."""

    def __init__(self) -> None:
        self.inputs: list[dict[str, Any]] = []

    def start_execution(self, **request: Any) -> dict[str, str]:
        self.inputs.append(json.loads(request["input"]))
        return {"executionArn": "arn:execution"}


@pytest.fixture
def step_functions(monkeypatch: pytest.MonkeyPatch) -> StepFunctions:
    started = StepFunctions()
    monkeypatch.setattr(training_pipeline, "client", lambda _service: started)
    monkeypatch.setattr(training_pipeline, "discover", lambda _config, _key: "arn:machine")
    return started


def test_a_threshold_that_was_set_goes_with_the_training(
    monkeypatch: pytest.MonkeyPatch, step_functions: StepFunctions
) -> None:
    monkeypatch.setenv("AUTO_PROMOTE_THRESHOLD", "0.97")

    TrainingPipeline(MLOpsConfig()).start("fraud_detection")

    assert step_functions.inputs[0]["auto_promote_threshold"] == 0.97


def test_without_one_the_environment_decides(
    monkeypatch: pytest.MonkeyPatch, step_functions: StepFunctions
) -> None:
    monkeypatch.delenv("AUTO_PROMOTE_THRESHOLD", raising=False)

    TrainingPipeline(MLOpsConfig()).start("fraud_detection")

    assert set(step_functions.inputs[0]) == {"model_name", "as_of", "cause"}
