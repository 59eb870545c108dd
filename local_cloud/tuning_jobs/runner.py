"""Runs a tuning job's training jobs, at most two at once, and ends it with the best of them."""

import logging
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from local_cloud.bell import job_ended
from local_cloud.training_jobs.job import TrainingJob
from local_cloud.tuning_jobs.drawing import draw
from local_cloud.tuning_jobs.job import Trial, TuningJob

logger = logging.getLogger(__name__)

# A laptop's share of MaxParallelTrainingJobs.
_MAX_PARALLEL = 2
# What a definition says of its training jobs in their own words.
_SHARED = (
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "VpcConfig",
    "StoppingCondition",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "CheckpointConfig",
    "RetryStrategy",
    "Environment",
)


class TuningJobRunner:
    """Runs tuning jobs.

    Whatever its strategy, a tuning job's points are drawn at random, from its RandomSeed or 0 on,
    its definitions taking turns: SageMaker's own way to choose them is not known.

    Parameters
    ----------
    create_training_job
        Takes a CreateTrainingJob request and a region, and returns the job, which does not run yet.
    run_training_job
        Runs it to its end.
    """

    def __init__(
        self,
        create_training_job: Callable[[dict[str, Any], str], TrainingJob],
        run_training_job: Callable[[TrainingJob, str], None],
    ) -> None:
        self._create = create_training_job
        self._run = run_training_job

    def run(self, job: TuningJob, region: str) -> None:
        """Run `job` to its end; whatever happens is written into it."""
        try:
            self._run_trials(job, region)
        except Exception as error:
            logger.exception("Tuning job %s", job.hyper_parameter_tuning_job_name)
            job.stop()
            job.end("Failed", f"InternalServerError: {type(error).__name__}: {error}")
        else:
            _end(job)
        job_ended.ring()

    def _run_trials(self, job: TuningJob, region: str) -> None:
        limits = job.config["ResourceLimits"]
        random = Random(job.config.get("RandomSeed") or 0)  # noqa: S311 - nothing secret
        definitions = job.definitions
        drawn = []
        for number in range(int(limits["MaxNumberOfTrainingJobs"])):
            definition = definitions[number % len(definitions)]
            drawn.append((number + 1, definition, draw(ranges_of(job.request, definition), random)))

        def run(numbered: tuple[int, dict[str, Any], dict[str, str]]) -> None:
            if not job.stop_requested.is_set():
                self._run_trial(job, region, *numbered)

        n_parallel = min(int(limits["MaxParallelTrainingJobs"]), _MAX_PARALLEL)
        with ThreadPoolExecutor(n_parallel, thread_name_prefix="tuning") as executor:
            list(executor.map(run, drawn))

    def _run_trial(
        self,
        job: TuningJob,
        region: str,
        number: int,
        definition: dict[str, Any],
        tuned: dict[str, str],
    ) -> None:
        name = f"{job.hyper_parameter_tuning_job_name}-{number:03d}-{uuid.uuid4().hex[:8]}"
        request = {
            "TrainingJobName": name,
            "HyperParameters": {**(definition.get("StaticHyperParameters") or {}), **tuned},
            **{part: definition[part] for part in _SHARED if definition.get(part) is not None},
        }
        training = self._create(request, region)
        job.add(Trial(training, definition, objective_of(job.request, definition), tuned))
        self._run(training, region)


def ranges_of(request: dict[str, Any], definition: dict[str, Any]) -> dict[str, Any]:
    """Return a definition's own ranges, or those of all of the tuning job."""
    config = request["HyperParameterTuningJobConfig"]
    return definition.get("HyperParameterRanges") or config.get("ParameterRanges") or {}


def objective_of(request: dict[str, Any], definition: dict[str, Any]) -> dict[str, str]:
    """Return a definition's own objective, or that of all of the tuning job; empty for none."""
    config = request["HyperParameterTuningJobConfig"]
    own = definition.get("TuningObjective") or config.get("HyperParameterTuningJobObjective")
    return dict(own or {})


def _end(job: TuningJob) -> None:
    if job.stop_requested.is_set():
        job.end("Stopped")
    elif job.best is None:
        reasons = {trial.job.failure_reason for trial in job.trials} - {None}
        told = "; ".join(sorted(map(str, reasons))) or "none of them logged the objective metric"
        job.end("Failed", f"No training job succeeded: {told}"[:1024])
    else:
        job.end("Completed")
