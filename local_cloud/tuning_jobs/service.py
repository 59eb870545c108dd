"""Create- and StopHyperParameterTuningJob on moto's SageMaker.

moto answers that every tuning job has completed at once, with a best job that never ran. Its
describing and listing ask the job, and stay.
"""

import re
import threading
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.sagemaker.exceptions import ResourceInUseException, ValidationError
from moto.sagemaker.responses import SageMakerResponse
from moto.sagemaker.utils import arn_formatter

from local_cloud.patching import replace
from local_cloud.training_jobs.service import service_method
from local_cloud.tuning_jobs.drawing import UnsupportedRangeError, check_ranges
from local_cloud.tuning_jobs.job import TuningJob
from local_cloud.tuning_jobs.runner import TuningJobRunner, objective_of, ranges_of

_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}")
_REQUEST_FIELDS = (
    "HyperParameterTuningJobName",
    "HyperParameterTuningJobConfig",
    "TrainingJobDefinition",
    "TrainingJobDefinitions",
    "WarmStartConfig",
    "Tags",
    "Autotune",
)
_STRATEGIES = {"Bayesian", "Random"}


def check_request(request: dict[str, Any]) -> None:
    """Refuse what SageMaker refuses before it starts anything, and what cannot run here.

    Raises
    ------
    ValidationError
        For a malformed name, a missing part, or a part that the local cloud does not run.
    """
    name = request.get("HyperParameterTuningJobName") or ""
    if not _NAME.fullmatch(name):
        raise ValidationError(
            f"1 validation error detected: Value '{name}' at 'hyperParameterTuningJobName' failed "
            f"to satisfy constraint: Member must satisfy regular expression pattern: "
            f"{_NAME.pattern}"
        )
    one, several = request.get("TrainingJobDefinition"), request.get("TrainingJobDefinitions")
    if bool(one) == bool(several):
        raise ValidationError("Give either TrainingJobDefinition or TrainingJobDefinitions.")
    config = request["HyperParameterTuningJobConfig"]
    strategy = config["Strategy"]
    if strategy not in _STRATEGIES or request.get("WarmStartConfig") or request.get("Autotune"):
        raise ValidationError(
            f"The local cloud tunes by {' or '.join(sorted(_STRATEGIES))} (drawn at random, both), "
            "without warm start and Autotune."
        )
    for definition in [one] if one else several or []:
        _check_definition(request, definition)


def _check_definition(request: dict[str, Any], definition: dict[str, Any]) -> None:
    algorithm = definition["AlgorithmSpecification"]
    if not algorithm.get("TrainingImage"):
        raise ValidationError("The local cloud runs jobs of a TrainingImage only.")
    metric = objective_of(request, definition).get("MetricName")
    if metric not in {each["Name"] for each in algorithm.get("MetricDefinitions") or []}:
        raise ValidationError(f"The objective metric {metric} is in no MetricDefinitions.")
    ranges = ranges_of(request, definition)
    try:
        check_ranges(ranges)
    except UnsupportedRangeError as error:
        raise ValidationError(str(error)) from error
    both = {each["Name"] for kind in ranges.values() for each in kind or []} & set(
        definition.get("StaticHyperParameters") or {}
    )
    if both:
        raise ValidationError(f"{', '.join(sorted(both))} cannot be static and be tuned.")


class TuningJobService:
    """Answers SageMaker's tuning job operations.

    Parameters
    ----------
    runner
        Runs the jobs.
    """

    def __init__(self, runner: TuningJobRunner) -> None:
        self._runner = runner
        self._lock = threading.Lock()

    def create(self, response: SageMakerResponse) -> ActionResult:
        """Answer CreateHyperParameterTuningJob and start the job."""
        given = {name: response._get_param(name) for name in _REQUEST_FIELDS}
        request = {name: value for name, value in given.items() if value is not None}
        check_request(request)
        backend: Any = response.sagemaker_backend
        name = request["HyperParameterTuningJobName"]
        kind = "hyper-parameter-tuning-job"
        arn = arn_formatter(kind, name, backend.account_id, backend.region_name)
        with self._lock:
            if name in backend.hyper_parameter_tuning_jobs:
                raise ResourceInUseException(
                    message="Tuning job names must be unique within an AWS account and region, and "
                    f"a tuning job with this name already exists ({arn})"
                )
            job = backend.hyper_parameter_tuning_jobs[name] = TuningJob(request, arn)
        threading.Thread(
            target=self._runner.run,
            args=(job, backend.region_name),
            name=f"tuning-{name}",
            daemon=True,
        ).start()
        return ActionResult({"HyperParameterTuningJobArn": arn})

    def stop(self, response: SageMakerResponse) -> EmptyResult:
        """Answer StopHyperParameterTuningJob: its training jobs are stopped, and none starts."""
        name = response._get_param("HyperParameterTuningJobName")
        backend: Any = response.sagemaker_backend
        backend.describe_hyper_parameter_tuning_job(name)
        job: TuningJob = backend.hyper_parameter_tuning_jobs[name]
        if job.hyper_parameter_tuning_job_status != "InProgress":
            raise ValidationError(
                f"The request was rejected because the tuning job is in status "
                f"{job.hyper_parameter_tuning_job_status}."
            )
        job.stop()
        return EmptyResult()


def install(runner: TuningJobRunner) -> None:
    """Let `runner` run the tuning jobs of moto's SageMaker."""
    service = TuningJobService(runner)
    replace(SageMakerResponse, "create_hyper_parameter_tuning_job", service_method(service.create))
    # moto has no such operation: its dispatcher finds methods by name.
    SageMakerResponse.stop_hyper_parameter_tuning_job = service_method(service.stop)  # type: ignore[attr-defined]
