"""One tuning job: its request, its training jobs, and how it is described."""

import datetime as dt
import threading
from dataclasses import dataclass
from typing import Any

from local_cloud.training_jobs.job import TrainingJob

_COUNTERS = {
    "Completed": "Completed",
    "InProgress": "InProgress",
    "Failed": "NonRetryableError",
    "Stopped": "Stopped",
}


@dataclass(frozen=True)
class Trial:
    """One training job of a tuning job.

    Parameters
    ----------
    job
        The training job.
    definition
        The TrainingJobDefinition that it was made of.
    objective
        What it is judged by: ``Type`` and ``MetricName``.
    tuned
        The hyperparameters that were drawn for it.
    """

    job: TrainingJob
    definition: dict[str, Any]
    objective: dict[str, str]
    tuned: dict[str, str]

    @property
    def value(self) -> float | None:
        """The objective's last value, if the job has completed and told one."""
        if self.job.training_job_status != "Completed":
            return None
        told = self.job.metrics.get(self.objective["MetricName"])
        return None if told is None else told[0]

    @property
    def rank(self) -> float:
        """The higher, the better; of a job without a value, the lowest."""
        if self.value is None:
            return float("-inf")
        return self.value if self.objective["Type"] == "Maximize" else -self.value

    def summary(self) -> dict[str, Any]:
        """Return its HyperParameterTrainingJobSummary."""
        job = self.job
        summary = {
            "TrainingJobDefinitionName": self.definition.get("DefinitionName"),
            "TrainingJobName": job.training_job_name,
            "TrainingJobArn": job.arn,
            "CreationTime": job.creation_time,
            "TrainingStartTime": job.training_start_time,
            "TrainingEndTime": job.training_end_time,
            "TrainingJobStatus": job.training_job_status,
            "TunedHyperParameters": self.tuned,
            "FailureReason": job.failure_reason,
            "ObjectiveStatus": self.objective_status,
        }
        if self.value is not None:
            final = {**self.objective, "Value": self.value}
            summary["FinalHyperParameterTuningJobObjectiveMetric"] = final
        return {name: value for name, value in summary.items() if value is not None}

    @property
    def objective_status(self) -> str:
        """Whether the objective was told: ``Succeeded``, ``Pending`` or ``Failed``."""
        if self.job.training_job_status == "InProgress":
            return "Pending"
        return "Failed" if self.value is None else "Succeeded"


class TuningJob:
    """The state of a tuning job, in the attributes that moto's listing reads.

    Parameters
    ----------
    request
        CreateHyperParameterTuningJob's request, validated.
    arn
        The job's ARN.
    """

    def __init__(self, request: dict[str, Any], arn: str) -> None:
        self.request = request
        self.arn = arn
        self.hyper_parameter_tuning_job_name: str = request["HyperParameterTuningJobName"]
        self.hyper_parameter_tuning_job_status = "InProgress"
        self.tags: list[dict[str, str]] = request.get("Tags") or []
        self.creation_time = self.last_modified_time = _now()
        self.hyper_parameter_tuning_end_time: dt.datetime | None = None
        self.failure_reason: str | None = None
        self.trials: list[Trial] = []
        self.stop_requested = threading.Event()
        self._lock = threading.Lock()

    @property
    def config(self) -> dict[str, Any]:
        """The request's HyperParameterTuningJobConfig."""
        return dict(self.request["HyperParameterTuningJobConfig"])

    @property
    def definitions(self) -> list[dict[str, Any]]:
        """What training jobs are made of: one definition, or several."""
        one = self.request.get("TrainingJobDefinition")
        return [one] if one else list(self.request["TrainingJobDefinitions"])

    @property
    def best(self) -> Trial | None:
        """The trial with the best objective; None without any."""
        told = [trial for trial in self.trials if trial.value is not None]
        return max(told, key=lambda trial: trial.rank, default=None)

    def add(self, trial: Trial) -> None:
        """Take up a training job that starts; stop it at once if this job is to stop."""
        with self._lock:
            self.trials.append(trial)
            if self.stop_requested.is_set():
                trial.job.stop_requested.set()

    def stop(self) -> None:
        """Ask all running training jobs, and those that start, to stop."""
        with self._lock:
            self.hyper_parameter_tuning_job_status = "Stopping"
            self.stop_requested.set()
            for trial in self.trials:
                trial.job.stop_requested.set()

    def end(self, status: str, failure_reason: str | None = None) -> None:
        """Reach a final state."""
        self.failure_reason = failure_reason
        self.hyper_parameter_tuning_end_time = self.last_modified_time = _now()
        # The status last: whoever sees it final must see everything else final too.
        self.hyper_parameter_tuning_job_status = status

    def summary(self) -> dict[str, Any]:
        """Return what ListHyperParameterTuningJobs answers of it."""
        described = self.describe()
        names = (
            "HyperParameterTuningJobName",
            "HyperParameterTuningJobArn",
            "HyperParameterTuningJobStatus",
            "CreationTime",
            "HyperParameterTuningEndTime",
            "LastModifiedTime",
            "TrainingJobStatusCounters",
            "ObjectiveStatusCounters",
        )
        return {
            **{name: described[name] for name in names if name in described},
            "Strategy": self.config["Strategy"],
            "ResourceLimits": self.config["ResourceLimits"],
        }

    def describe(self) -> dict[str, Any]:
        """Return what DescribeHyperParameterTuningJob answers."""
        echoed = {name: value for name, value in self.request.items() if name != "Tags"}
        trials, best = list(self.trials), self.best
        described = {
            **echoed,
            "HyperParameterTuningJobArn": self.arn,
            "HyperParameterTuningJobStatus": self.hyper_parameter_tuning_job_status,
            "CreationTime": self.creation_time,
            "LastModifiedTime": self.last_modified_time,
            "HyperParameterTuningEndTime": self.hyper_parameter_tuning_end_time,
            "TrainingJobStatusCounters": _status_counters(trials),
            "ObjectiveStatusCounters": _objective_counters(trials),
            "BestTrainingJob": None if best is None else best.summary(),
            "FailureReason": self.failure_reason,
        }
        return {name: value for name, value in described.items() if value is not None}


def _status_counters(trials: list[Trial]) -> dict[str, int]:
    counters = {"RetryableError": 0} | dict.fromkeys(_COUNTERS.values(), 0)
    for trial in trials:
        counters[_COUNTERS[trial.job.training_job_status]] += 1
    return counters


def _objective_counters(trials: list[Trial]) -> dict[str, int]:
    counters = {"Succeeded": 0, "Pending": 0, "Failed": 0}
    for trial in trials:
        counters[trial.objective_status] += 1
    return counters


def _now() -> dt.datetime:
    # moto serialises naive UTC times.
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
