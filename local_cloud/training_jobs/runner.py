"""Runs one training job from its channels to its artifacts, in a thread of its own."""

import logging
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TextIO

from local_cloud import containers
from local_cloud.bell import job_ended
from local_cloud.clients import client
from local_cloud.container_end import wait_for_end
from local_cloud.images import Image, UnsupportedImageError
from local_cloud.leftovers import remove_folder
from local_cloud.log_streams import LogStream
from local_cloud.processes import Processes
from local_cloud.training_jobs import archive, channels
from local_cloud.training_jobs.job import TrainingJob
from local_cloud.training_jobs.ml_root import MlRoot
from local_cloud.training_jobs.process import Supervision, describe_exit

logger = logging.getLogger(__name__)

LOG_GROUP = "/aws/sagemaker/TrainingJobs"


class Outcome(NamedTuple):
    """How a job ended; `message` of a failed one is its FailureReason."""

    status: str
    secondary_status: str
    message: str


class TrainingJobRunner:
    """Runs training jobs.

    Parameters
    ----------
    processes
        Starts the jobs' processes.
    directory
        Jobs get a folder each below it.
    find_image
        Returns the image of an image URI.
    credentials
        AWS variables that every container gets (credentials, region, endpoint).
    """

    def __init__(
        self,
        processes: Processes,
        directory: Path,
        find_image: Callable[[str], Image],
        credentials: dict[str, str],
    ) -> None:
        self._processes = processes
        self._directory = directory
        self._find_image = find_image
        self._credentials = credentials

    def run(self, job: TrainingJob, region: str) -> None:
        """Run `job` to its end; whatever happens is written into it.

        Its folder is gone when it has ended; its log stays beside it, as `<folder>.log`, until the
        next cloud begins.
        """
        root = MlRoot(self._directory / f"{job.training_job_name}-{uuid.uuid4().hex[:6]}")
        try:
            outcome = self._run(job, root, region)
        except (channels.InputDataError, UnsupportedImageError) as error:
            outcome = _failed(f"ClientError: {error}")
        except Exception as error:
            logger.exception("Training job %s", job.training_job_name)
            outcome = _failed(f"InternalServerError: {type(error).__name__}: {error}")
        if outcome.status == "Failed":
            logger.warning(
                "Training job %s failed: %s. Its output: %s",
                job.training_job_name,
                outcome.message,
                _log_file(root),
            )
        remove_folder(root.directory)
        job.end(*outcome)
        job_ended.ring()

    def _run(self, job: TrainingJob, root: MlRoot, region: str) -> Outcome:
        job.enter("Downloading", "Downloading input data")
        root.prepare(job.request, region)
        job.start_training()
        with _log_file(root).open("w", buffering=1) as log:
            code, stopped_for = self._train(job, root, region, log)
        if stopped_for is None and code != 0:
            return _failed(describe_exit(code, root.failure()))
        job.enter("Uploading", "Uploading generated training model")
        self._upload(job, root, region)
        if stopped_for is None:
            return Outcome("Completed", "Completed", "Training job completed")
        return Outcome("Stopped", stopped_for, "Training job stopped")

    def _train(
        self, job: TrainingJob, root: MlRoot, region: str, log: TextIO
    ) -> tuple[int, str | None]:
        """Return the exit code, and what the job was stopped for."""

        def note(line: str) -> None:
            log.write(f"{line}\n")
            job.observe(line)

        stream = f"{job.training_job_name}/algo-1-{int(time.time())}"
        output = LogStream(LOG_GROUP, stream, region, note)
        process = self._start(job, root, region)
        job.process = process
        supervision = Supervision(process, job.stop_requested, _max_runtime(job))
        code = wait_for_end(process, output.follow)
        supervision.end()
        return code, supervision.stopped_for

    def _start(self, job: TrainingJob, root: MlRoot, region: str) -> subprocess.Popen[bytes]:
        specification = job.request["AlgorithmSpecification"]
        image = self._find_image(specification["TrainingImage"])
        environment = {
            **containers.base_environment(image),
            **self._credentials,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "TRAINING_JOB_NAME": job.training_job_name,
            "TRAINING_JOB_ARN": job.arn,
            "SELFMONITOR_ML_ROOT": str(root.directory),
            **(job.request.get("Environment") or {}),
        }
        return self._processes.spawn(
            "training",
            job.training_job_name,
            _command(image, specification),
            environment=environment,
            cwd=containers.working_directory(image),
            stdout=subprocess.PIPE,
        )

    def _upload(self, job: TrainingJob, root: MlRoot, region: str) -> None:
        bucket, prefix = channels.split_uri(job.output_prefix)
        for name, folder in (("model", root.model), ("output", root.output_data)):
            if name == "model" or any(folder.iterdir()):
                body = archive.pack(folder)
                client("s3", region).put_object(
                    Bucket=bucket, Key=f"{prefix}/{name}.tar.gz", Body=body
                )


def _failed(reason: str) -> Outcome:
    return Outcome("Failed", "Failed", reason)


def _log_file(root: MlRoot) -> Path:
    return root.directory.with_name(f"{root.directory.name}.log")


def _command(image: Image, specification: dict[str, list[str]]) -> list[str]:
    entrypoint = specification.get("ContainerEntrypoint")
    arguments = specification.get("ContainerArguments")
    if entrypoint is None:
        # As `docker run IMAGE train`: the argument replaces CMD, not ENTRYPOINT.
        entrypoint, arguments = image.entrypoint, arguments or ["train"]
    return containers.translate_command(image, [*entrypoint, *(arguments or [])])


def _max_runtime(job: TrainingJob) -> int:
    return int(job.request["StoppingCondition"].get("MaxRuntimeInSeconds", 86_400))
