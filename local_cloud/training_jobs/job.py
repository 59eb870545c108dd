"""One training job: its request, its state, and what DescribeTrainingJob answers."""

import datetime as dt
import re
import subprocess
import threading
from typing import Any

_REASON_LENGTH = 1024


class TrainingJob:
    """The state of a training job, in the attributes that moto's listing reads.

    Parameters
    ----------
    request
        CreateTrainingJob's request, validated.
    arn
        The job's ARN.
    """

    def __init__(self, request: dict[str, Any], arn: str) -> None:
        self.request = request
        self.arn = arn
        self.training_job_name: str = request["TrainingJobName"]
        self.tags: list[dict[str, str]] = request.get("Tags") or []
        self.training_job_status = "InProgress"
        self.secondary_status = "Starting"
        self.creation_time = self.last_modified_time = _now()
        self.training_start_time: dt.datetime | None = None
        self.training_end_time: dt.datetime | None = None
        self.failure_reason: str | None = None
        self.metrics: dict[str, tuple[float, dt.datetime]] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.stop_requested = threading.Event()
        self._transitions: list[dict[str, Any]] = []
        self.enter("Starting", "Starting the training job")

    @property
    def output_prefix(self) -> str:
        """S3 URI below which the job's output goes."""
        root = self.request["OutputDataConfig"]["S3OutputPath"].rstrip("/")
        return f"{root}/{self.training_job_name}/output"

    def enter(self, secondary_status: str, message: str) -> None:
        """Move to the next secondary status."""
        self.last_modified_time = _now()
        if self._transitions:
            self._transitions[-1].setdefault("EndTime", self.last_modified_time)
        self._transitions.append(
            {
                "Status": secondary_status,
                "StartTime": self.last_modified_time,
                "StatusMessage": message,
            }
        )
        self.secondary_status = secondary_status

    def start_training(self) -> None:
        """Note that the container starts."""
        self.training_start_time = _now()
        self.enter("Training", "Training in-progress")

    def end(self, status: str, secondary_status: str, message: str) -> None:
        """Reach a final state; `message` of a failed job is its FailureReason."""
        self.training_end_time = _now()
        if status == "Failed":
            self.failure_reason = message[:_REASON_LENGTH]
        self.enter(secondary_status, message)
        # The status last: whoever sees it final must see everything else final too.
        self.training_job_status = status

    def observe(self, line: str) -> None:
        """Read the job's metrics from one line of its log; the last value of each counts."""
        for definition in self.request["AlgorithmSpecification"].get("MetricDefinitions") or []:
            match = re.search(definition["Regex"], line)
            if match:
                self.metrics[definition["Name"]] = (float(match[1]), _now())

    @property
    def response_object(self) -> dict[str, Any]:
        """What DescribeTrainingJob answers."""
        echoed = {name: value for name, value in self.request.items() if name != "Tags"}
        described: dict[str, Any] = {
            **echoed,
            "TrainingJobArn": self.arn,
            "TrainingJobStatus": self.training_job_status,
            "SecondaryStatus": self.secondary_status,
            "SecondaryStatusTransitions": list(self._transitions),
            "FailureReason": self.failure_reason,
            "CreationTime": self.creation_time,
            "LastModifiedTime": self.last_modified_time,
            "TrainingStartTime": self.training_start_time,
            "TrainingEndTime": self.training_end_time,
            "FinalMetricDataList": self._final_metrics(),
            **self._durations(),
        }
        if self.training_job_status in {"Completed", "Stopped"}:
            described["ModelArtifacts"] = {"S3ModelArtifacts": f"{self.output_prefix}/model.tar.gz"}
        return {name: value for name, value in described.items() if value is not None}

    def _final_metrics(self) -> list[dict[str, Any]]:
        return [
            {"MetricName": name, "Value": value, "Timestamp": at}
            for name, (value, at) in self.metrics.items()
        ]

    def _durations(self) -> dict[str, int]:
        if self.training_start_time is None or self.training_end_time is None:
            return {}
        seconds = int((self.training_end_time - self.training_start_time).total_seconds())
        return {"TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds}


def _now() -> dt.datetime:
    # moto serialises naive UTC times.
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
