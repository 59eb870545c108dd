"""Launch a model's tuning job by hand, as its workflow would, and follow it to its best job."""

import functools
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3

from mlops_platform.aws.clients import client
from mlops_platform.config.models import model_named
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import (
    ConfigurationError,
    FunctionFailedError,
    TrainingFailedError,
)
from mlops_platform.moments import as_utc
from mlops_platform.sdk.discovery import discover

# Longer than the validation may run; a second attempt of ours would run beside the first.
VALIDATION_TIMEOUT_SECONDS = 930.0
_POLL_SECONDS = 2
_CAUSE = "tuning by hand"


@dataclass(frozen=True, kw_only=True)
class BestJob:
    """The best training job of a tuning job.

    Parameters
    ----------
    tuning_job, training_job
        The names of both.
    hyperparameters
        What was drawn for it.
    objective
        Its objective, in the units of the model's `validation_score`.
    """

    tuning_job: str
    training_job: str
    hyperparameters: dict[str, str]
    objective: float


class TuningLaunch:
    """Tuning jobs of one environment, launched through the `sagemaker` SDK.

    A job is what the deployed workflow's `Tune` state asks for: its ranges, objective, image, role
    and machines are read from there. What the best job found is not promoted.

    Parameters
    ----------
    config
        Which environment, and where.
    """

    def __init__(self, config: MLOpsConfig) -> None:
        self.config = config

    def request(self, model_name: str, *, as_of: datetime | None = None) -> dict[str, Any]:
        """Return the CreateHyperParameterTuningJob request; the data is validated for it.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        as_of
            Only data before this moment counts; now, unless given. Without a time zone it is UTC.

        Raises
        ------
        ConfigurationError
            The model's workflow has no tuning job.
        FunctionFailedError
            The data cannot be trained on; the message is the function's own.
        ModelNotFoundError
            There is no such model.
        PlatformNotFoundError
            The environment is not deployed where the AWS variables point.
        """
        model = model_named(model_name)
        arn = discover(self.config, f"training_state_machine_arn/{model.name}")
        described = client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        states = json.loads(described["definition"])["States"]
        if "Tune" not in states:
            raise ConfigurationError(
                f"{model.name} is trained without a tuning job: set `tuning` to `distributed` in "
                "its ModelConfig and deploy."
            )
        started = datetime.now(UTC)
        context = {
            "model_name": model.name,
            "as_of": f"{as_utc(as_of or started):%Y-%m-%dT%H:%M:%SZ}",
            "cause": _CAUSE,
            "execution_name": f"{model.name}-by-hand-{started:%Y%m%d%H%M%S%f}",
            "execution_input": {},
        }
        data = _validate(states["ValidateData"], context)
        return dict(filled(states["Tune"]["Parameters"], {"data": data}))

    def run(self, model_name: str, *, as_of: datetime | None = None) -> BestJob:
        """Launch a tuning job, wait for its end, and return its best training job.

        Raises
        ------
        ConfigurationError
            The SDK is not installed, or the model's workflow has no tuning job.
        TrainingFailedError
            The tuning job failed, was stopped, or has no best training job; the message says why.
        """
        try:
            from sagemaker.core.resources import HyperParameterTuningJob  # noqa: PLC0415
            from sagemaker.core.utils.code_injection.codec import transform  # noqa: PLC0415
            from sagemaker.core.utils.exceptions import FailedStatusError  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"{error}. The `sagemaker` SDK has an environment of its own: `make authoring` "
                "installs requirements/authoring.txt there."
            ) from error
        request = transform(
            self.request(model_name, as_of=as_of), "CreateHyperParameterTuningJobRequest"
        )
        session = boto3.Session()
        job = HyperParameterTuningJob.create(session=session, region=session.region_name, **request)
        name = job.hyper_parameter_tuning_job_name
        try:
            job.wait(poll=_POLL_SECONDS)
        except FailedStatusError as error:
            raise TrainingFailedError(f"Tuning job {name} failed: {error}") from error
        return best_job(name)


def best_job(tuning_job: str) -> BestJob:
    """Return the best training job of a tuning job that has ended.

    Raises
    ------
    TrainingFailedError
        It did not complete, or none of its training jobs has a value to be judged by.
    """
    described = client("sagemaker").describe_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=tuning_job
    )
    status = described["HyperParameterTuningJobStatus"]
    if status != "Completed":
        raise TrainingFailedError(f"Tuning job {tuning_job} ended as {status}.")
    best = described.get("BestTrainingJob")
    if not best:
        counters = described["TrainingJobStatusCounters"]
        ended = ", ".join(f"{n} {name}" for name, n in sorted(counters.items()) if n) or "none"
        raise TrainingFailedError(
            f"Tuning job {tuning_job} completed without a best training job (ended: {ended}). Read "
            "why its training jobs failed: `aws sagemaker "
            "list-training-jobs-for-hyper-parameter-tuning-job "
            f"--hyper-parameter-tuning-job-name {tuning_job}`."
        )
    return BestJob(
        tuning_job=tuning_job,
        training_job=best["TrainingJobName"],
        hyperparameters=dict(best["TunedHyperParameters"]),
        objective=best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"],
    )


def filled(parameters: Any, document: dict[str, Any]) -> Any:
    """Return a state's parameters with the values that its paths lead to.

    >>> filled({"Name.$": "$.data.name", "Limits": {"Jobs": 2}}, {"data": {"name": "a"}})
    {'Name': 'a', 'Limits': {'Jobs': 2}}
    """
    if isinstance(parameters, list):
        return [filled(each, document) for each in parameters]
    if not isinstance(parameters, dict):
        return parameters
    return {
        name.removesuffix(".$"): (
            functools.reduce(dict.__getitem__, value.split(".")[1:], document)
            if name.endswith(".$")
            else filled(value, document)
        )
        for name, value in parameters.items()
    }


def _validate(state: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """Ask the function of the state `ValidateData`, as the workflow does."""
    answer = client("lambda", timeout_seconds=VALIDATION_TIMEOUT_SECONDS, attempts=1).invoke(
        FunctionName=state["Resource"], Payload=json.dumps(event).encode()
    )
    document = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise FunctionFailedError(f"{document.get('errorType')}: {document.get('errorMessage')}")
    return dict(document)
