"""MLflow, as a training job writes to it: patient while the server restarts."""

import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.environment_variables import MLFLOW_HTTP_REQUEST_MAX_RETRIES
from mlflow.exceptions import MlflowException

from mlops_platform.errors import TrackingServerError
from mlops_platform.training.patience import patiently

T = TypeVar("T")

# A server that is replaced comes back within a minute or two.
PATIENCE_SECONDS: Final = 180.0
MAX_PARAM_CHARACTERS: Final = 500
EXECUTION_TAG: Final = "selfmonitor.execution_name"
FINISHED: Final = "FINISHED"
FAILED: Final = "FAILED"
_EXISTS: Final = "RESOURCE_ALREADY_EXISTS"
logger = logging.getLogger(__name__)


class Tracking(Protocol):
    """Where a job's run is written down."""

    run_id: str

    def log(
        self, parameters: Mapping[str, Any], metrics: Mapping[str, float], tags: Mapping[str, str]
    ) -> None:
        """Write parameters, metrics and tags."""

    def log_files(self, folder: Path, name: str) -> None:
        """Upload a folder's files below `name`."""

    def log_file(self, path: Path) -> None:
        """Upload one file."""

    def finish(self, status: str) -> None:
        """End the run as `FINISHED` or `FAILED`."""


class NoTracking:
    """For jobs that are run by hand without a server: nothing is written, the run has no id."""

    run_id = ""

    def log(
        self, parameters: Mapping[str, Any], metrics: Mapping[str, float], tags: Mapping[str, str]
    ) -> None:
        """Do nothing."""

    def log_files(self, folder: Path, name: str) -> None:
        """Do nothing."""

    def log_file(self, path: Path) -> None:
        """Do nothing."""

    def finish(self, status: str) -> None:
        """Do nothing."""


class MlflowTracking:
    """One MLflow run.

    Every call may be repeated without harm. Opening looks for the experiment and the run before it
    makes them, so one whose creation went through, but whose answer was lost, is found rather than
    made twice; what is logged or uploaded twice is the same.

    Parameters
    ----------
    tracking_uri
        The server's address.
    experiment_name
        Made if missing.
    run_name
        The pipeline's execution, or the job as one of several for it; a job that is started again
        continues its unfinished run. Empty for one that is run by hand, which gets a name of its
        own.
    patience_seconds
        How long to try before giving up.
    """

    def __init__(
        self,
        tracking_uri: str,
        experiment_name: str,
        run_name: str,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._patience_seconds = patience_seconds
        # MLflow's client would repeat requests below us: longer, and without looking first.
        os.environ[MLFLOW_HTTP_REQUEST_MAX_RETRIES.name] = "0"
        self._client = MlflowClient(tracking_uri=tracking_uri)
        name = run_name or f"by-hand-{uuid.uuid4().hex}"
        experiment_id = self._patiently(lambda: self._experiment_id(experiment_name))
        self.run_id = self._patiently(lambda: self._open_run(experiment_id, name))

    def log(
        self, parameters: Mapping[str, Any], metrics: Mapping[str, float], tags: Mapping[str, str]
    ) -> None:
        """Write parameters, metrics and tags."""
        now = int(time.time() * 1000)
        self._patiently(
            lambda: self._client.log_batch(
                self.run_id,
                metrics=[Metric(name, float(value), now, 0) for name, value in metrics.items()],
                params=[
                    Param(name, str(value)[:MAX_PARAM_CHARACTERS])
                    for name, value in parameters.items()
                ],
                tags=[RunTag(name, value) for name, value in tags.items()],
            )
        )

    def log_files(self, folder: Path, name: str) -> None:
        """Upload a folder's files below `name`."""
        self._patiently(lambda: self._client.log_artifacts(self.run_id, str(folder), name))

    def log_file(self, path: Path) -> None:
        """Upload one file."""
        self._patiently(lambda: self._client.log_artifact(self.run_id, str(path)))

    def finish(self, status: str) -> None:
        """End the run as `FINISHED` or `FAILED`."""
        self._patiently(lambda: self._client.set_terminated(self.run_id, status))

    def _experiment_id(self, name: str) -> str:
        experiment = self._client.get_experiment_by_name(name)
        if experiment is not None:
            return str(experiment.experiment_id)
        try:
            return str(self._client.create_experiment(name))
        except MlflowException as error:
            if error.error_code != _EXISTS:
                raise
        # Another job made it between the question and the creation.
        return self._experiment_id(name)

    def _open_run(self, experiment_id: str, run_name: str) -> str:
        unfinished = self._client.search_runs(
            [experiment_id],
            f"tags.`{EXECUTION_TAG}` = '{run_name}' and attributes.status = 'RUNNING'",
            max_results=1,
        )
        if unfinished:
            return str(unfinished[0].info.run_id)
        tags = {EXECUTION_TAG: run_name}
        run = self._client.create_run(experiment_id, tags=tags, run_name=run_name)
        return str(run.info.run_id)

    def _patiently(self, call: Callable[[], T]) -> T:
        return patiently(call, self._patience_seconds)


@contextmanager
def open_tracking(tracking_uri: str, experiment_name: str, run_name: str) -> Iterator[Tracking]:
    """Yield MLflow's run, or none where there is no address; end it as the block ends.

    Whatever is raised inside leaves the run ``FAILED`` and is raised on.
    """
    tracking: Tracking = NoTracking()
    if tracking_uri:
        tracking = MlflowTracking(tracking_uri, experiment_name, run_name)
    try:
        yield tracking
    except BaseException:
        _fail(tracking)
        raise
    tracking.finish(FINISHED)


def _fail(tracking: Tracking) -> None:
    """Mark the run as failed; the error that failed it matters more than one on the way."""
    try:
        tracking.finish(FAILED)
    except TrackingServerError:
        logger.warning("Run %s could not be marked as failed", tracking.run_id, exc_info=True)
