"""CreateTrainingJob, DescribeTrainingJob and StopTrainingJob on moto's SageMaker.

moto answers that every job has completed at once, drops the environment, and knows no stop.
"""

import re
import threading
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.sagemaker.exceptions import ResourceInUseException, ValidationError
from moto.sagemaker.models import FakeTrainingJob
from moto.sagemaker.responses import SageMakerResponse

from local_cloud.patching import replace
from local_cloud.training_jobs.job import TrainingJob
from local_cloud.training_jobs.runner import TrainingJobRunner

_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_REQUEST_FIELDS = [
    "TrainingJobName",
    "HyperParameters",
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "VpcConfig",
    "StoppingCondition",
    "Tags",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "CheckpointConfig",
    "ExperimentConfig",
    "Environment",
    "RetryStrategy",
]
_REQUIRED = [
    "AlgorithmSpecification",
    "RoleArn",
    "OutputDataConfig",
    "ResourceConfig",
    "StoppingCondition",
]


def check_request(request: dict[str, Any]) -> None:
    """Refuse what SageMaker refuses before it starts anything.

    Raises
    ------
    ValidationError
        For a malformed name or a missing part.
    """
    name = request.get("TrainingJobName") or ""
    if not _NAME.fullmatch(name):
        raise ValidationError(
            f"1 validation error detected: Value '{name}' at 'trainingJobName' failed to satisfy "
            f"constraint: Member must satisfy regular expression pattern: {_NAME.pattern}"
        )
    missing = [part for part in _REQUIRED if not request.get(part)]
    if missing:
        raise ValidationError(f"The request lacks {', '.join(missing)}.")
    if not request["AlgorithmSpecification"].get("TrainingImage"):
        raise ValidationError("The local cloud runs jobs of a TrainingImage only.")


class TrainingJobService:
    """Answers SageMaker's training job operations.

    Parameters
    ----------
    runner
        Runs the jobs.
    """

    def __init__(self, runner: TrainingJobRunner) -> None:
        self._runner = runner
        self._lock = threading.Lock()

    def create(self, response: SageMakerResponse) -> ActionResult:
        """Answer CreateTrainingJob and start the job."""
        given = {name: response._get_param(name) for name in _REQUEST_FIELDS}
        request = {name: value for name, value in given.items() if value is not None}
        backend: Any = response.sagemaker_backend
        job = self.add(request, backend)
        threading.Thread(
            target=self._runner.run,
            args=(job, backend.region_name),
            name=f"training-{job.training_job_name}",
            daemon=True,
        ).start()
        return ActionResult({"TrainingJobArn": job.arn})

    def add(self, request: dict[str, Any], backend: Any) -> TrainingJob:
        """Return a new job, which is known from now on, but does not run yet."""
        check_request(request)
        name = request["TrainingJobName"]
        arn = FakeTrainingJob.arn_formatter(name, backend.account_id, backend.region_name)
        with self._lock:
            if name in backend.training_jobs:
                raise ResourceInUseException(
                    message="Training job names must be unique within an AWS account and region, "
                    f"and a training job with this name already exists ({arn})"
                )
            job = backend.training_jobs[name] = TrainingJob(request, arn)
        return job

    def stop(self, response: SageMakerResponse) -> EmptyResult:
        """Answer StopTrainingJob: SIGTERM, then SIGKILL after the grace time."""
        name = response._get_param("TrainingJobName")
        backend: Any = response.sagemaker_backend
        backend.describe_training_job(name)
        job: TrainingJob = backend.training_jobs[name]
        if job.training_job_status != "InProgress":
            raise ValidationError(
                f"The request was rejected because the training job is in status "
                f"{job.training_job_status}."
            )
        job.stop_requested.set()
        return EmptyResult()


def install(runner: TrainingJobRunner) -> TrainingJobService:
    """Let `runner` run the training jobs of moto's SageMaker; return who answers for them."""
    service = TrainingJobService(runner)
    replace(SageMakerResponse, "create_training_job", service_method(service.create))
    # moto has no such operation: its dispatcher finds methods by name.
    SageMakerResponse.stop_training_job = service_method(service.stop)  # type: ignore[attr-defined]
    return service


def service_method(handle: Any) -> Any:
    """Return a function that a response class can hold as its method."""

    def method(self: SageMakerResponse) -> Any:
        return handle(self)

    return method
