"""`mlops train` tells how a training ended."""

import json

import pytest

from mlops_platform.sdk.executions import ExecutionResult
from mlops_platform.sdk.training_pipeline import TrainingPipeline
from tests.unit.cli.conftest import RunMlops

UNTIL_GATE = ("ValidateData", "TrainModel", "EvaluateCandidate", "GoodEnough")
UNTIL_STAGING = (*UNTIL_GATE, "RegisterModel", "Gate")


@pytest.mark.parametrize(
    ("states", "released", "says"),
    [
        ((*UNTIL_GATE, "NotifyRejected", "Rejected"), False, "no: the gate kept the champion"),
        (
            (*UNTIL_STAGING, "NotifySucceeded", "Succeeded"),
            False,
            "no: version 7 waits in Staging; `mlops promote fraud_detection 7` releases it",
        ),
        ((*UNTIL_STAGING, "Release", "NotifySucceeded", "Succeeded"), True, "yes"),
    ],
)
def test_whether_a_version_is_released_waits_or_was_rejected_is_told_apart(
    mlops: RunMlops,
    monkeypatch: pytest.MonkeyPatch,
    *,
    states: tuple[str, ...],
    released: bool,
    says: str,
) -> None:
    result = ExecutionResult(
        arn="arn",
        status="SUCCEEDED",
        states=states,
        output={"registration": {"version": "7"}} if "RegisterModel" in states else {},
        error="",
        cause="",
        seconds=1.0,
    )
    monkeypatch.setattr(TrainingPipeline, "run", lambda *_, **__: result)
    monkeypatch.setenv("COLUMNS", "200")

    shown = mlops("train", "fraud_detection")
    document = mlops("--json", "train", "fraud_detection")

    assert f" {says} " in shown.out
    assert json.loads(document.out)["released"] is released


def test_a_moment_that_is_none_is_a_usage_error(mlops: RunMlops) -> None:
    answer = mlops("train", "fraud_detection", "--as-of", "yesterday")

    assert answer.status == 2
    assert "'yesterday' is not a moment such as" in answer.err
