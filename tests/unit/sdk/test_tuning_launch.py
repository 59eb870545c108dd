"""A tuning job by hand asks for what the deployed workflow's state asks for, with its data."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import ANY, Stubber
from moto import mock_aws

from mlops_platform.aws.clients import client
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import (
    ConfigurationError,
    FunctionFailedError,
    TrainingFailedError,
)
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.tuning_launch import (
    VALIDATION_TIMEOUT_SECONDS,
    BestJob,
    TuningLaunch,
    best_job,
)

MODEL, UNTUNED = "fraud_detection", "categorization"
NAME = "fraud-0123"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:validate"
RANGES = {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "2", "MaxValue": "9"}]}
TUNE = {
    "HyperParameterTuningJobName.$": "$.data.tuning_job_name",
    "HyperParameterTuningJobConfig": {"Strategy": "Bayesian"},
    "TrainingJobDefinitions": [
        {
            "HyperParameterRanges": RANGES,
            "StaticHyperParameters.$": "$.data.hyperparameters",
            "InputDataConfig.$": "$.data.channels",
        }
    ],
}
STATES = {
    "ValidateData": {"Type": "Task", "Resource": FUNCTION, "Next": "Tune"},
    "Tune": {
        "Type": "Task",
        "Resource": "arn:aws:states:::sagemaker:createHyperParameterTuningJob.sync",
        "Parameters": TUNE,
        "End": True,
    },
}
CHANNELS = [{"ChannelName": "train"}]
ANSWER = {
    "tuning_job_name": NAME,
    "hyperparameters": {"model_name": MODEL},
    "channels": CHANNELS,
}


@pytest.fixture
def launch(monkeypatch: pytest.MonkeyPatch) -> Iterator[TuningLaunch]:
    """An environment with one model that is tuned by a tuning job, and one that is not."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client.cache_clear()
    discover.cache_clear()
    config = MLOpsConfig(environment="dev")
    untuned = {"ValidateData": {"Type": "Pass", "End": True}}
    with mock_aws():
        for model, states in ((MODEL, STATES), (UNTUNED, untuned)):
            machine = client("stepfunctions").create_state_machine(
                name=model.replace("_", "-"),
                definition=json.dumps({"StartAt": "ValidateData", "States": states}),
                roleArn="arn:aws:iam::123456789012:role/training",
            )["stateMachineArn"]
            client("ssm").put_parameter(
                Name=f"{config.parameter_prefix}/training_state_machine_arn/{model}",
                Value=machine,
                Type="String",
            )
        yield TuningLaunch(config)
    client.cache_clear()
    discover.cache_clear()


@pytest.fixture
def validation() -> Iterator[Stubber]:
    """Lambda's wire, on which a test puts the function's answer."""
    caller = client("lambda", timeout_seconds=VALIDATION_TIMEOUT_SECONDS, attempts=1)
    with Stubber(caller) as stubber:
        yield stubber


def answer(stubber: Stubber, document: dict[str, Any], **more: str) -> None:
    response = {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(document).encode()), **more}
    stubber.add_response("invoke", response, {"FunctionName": FUNCTION, "Payload": ANY})


def test_the_request_is_the_deployed_state_filled_with_the_validated_data(
    launch: TuningLaunch, validation: Stubber
) -> None:
    answer(validation, ANSWER)

    request = launch.request(MODEL, as_of=datetime(2026, 3, 1, tzinfo=UTC))

    assert request == {
        "HyperParameterTuningJobName": NAME,
        "HyperParameterTuningJobConfig": {"Strategy": "Bayesian"},
        "TrainingJobDefinitions": [
            {
                "HyperParameterRanges": RANGES,
                "StaticHyperParameters": {"model_name": MODEL},
                "InputDataConfig": CHANNELS,
            }
        ],
    }
    validation.assert_no_pending_responses()


def test_data_that_is_refused_is_told_in_the_functions_words(
    launch: TuningLaunch, validation: Stubber
) -> None:
    refusal = {"errorType": "DataValidationError", "errorMessage": "amount is empty"}
    answer(validation, refusal, FunctionError="Unhandled")

    with pytest.raises(FunctionFailedError, match="DataValidationError: amount is empty"):
        launch.request(MODEL)


def test_a_model_without_a_tuning_job_says_how_it_gets_one(launch: TuningLaunch) -> None:
    with pytest.raises(ConfigurationError, match="`tuning` to `distributed`"):
        launch.request(UNTUNED)


@pytest.fixture
def described(launch: TuningLaunch) -> Iterator[Callable[..., None]]:
    """SageMaker's wire, on which a test puts how a tuning job ended."""
    assert launch
    with Stubber(client("sagemaker")) as stubber:

        def put(status: str, *, completed: int = 0, failed: int = 0, **more: Any) -> None:
            response = {
                "HyperParameterTuningJobName": NAME,
                "HyperParameterTuningJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:{NAME}",
                "HyperParameterTuningJobConfig": {
                    "Strategy": "Bayesian",
                    "ResourceLimits": {"MaxParallelTrainingJobs": 2},
                },
                "HyperParameterTuningJobStatus": status,
                "CreationTime": datetime(2026, 3, 1, tzinfo=UTC),
                "TrainingJobStatusCounters": {"Completed": completed, "NonRetryableError": failed},
                "ObjectiveStatusCounters": {},
                **more,
            }
            stubber.add_response(
                "describe_hyper_parameter_tuning_job",
                response,
                {"HyperParameterTuningJobName": NAME},
            )

        yield put


def test_the_best_training_job_is_told_with_what_was_drawn_for_it(
    described: Callable[..., None],
) -> None:
    best = {
        "TrainingJobName": f"{NAME}-001",
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:{NAME}-001",
        "CreationTime": datetime(2026, 3, 1, tzinfo=UTC),
        "TrainingJobStatus": "Completed",
        "TunedHyperParameters": {"depth": "7"},
        "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "score", "Value": 0.75},
    }
    described("Completed", completed=1, BestTrainingJob=best)

    assert best_job(NAME) == BestJob(
        tuning_job=NAME,
        training_job=f"{NAME}-001",
        hyperparameters={"depth": "7"},
        objective=0.75,
    )


def test_a_tuning_job_without_a_best_training_job_says_how_they_ended(
    described: Callable[..., None],
) -> None:
    described("Completed", completed=1, failed=2)

    with pytest.raises(TrainingFailedError, match=r"1 Completed, 2 NonRetryableError\).*" + NAME):
        best_job(NAME)


def test_a_tuning_job_that_was_stopped_has_no_result(described: Callable[..., None]) -> None:
    described("Stopped", completed=1)

    with pytest.raises(TrainingFailedError, match="ended as Stopped"):
        best_job(NAME)


def test_a_missing_sdk_names_the_file_to_install(
    launch: TuningLaunch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sagemaker", None)

    with pytest.raises(ConfigurationError, match=r"requirements/authoring\.txt"):
        launch.run(MODEL)
