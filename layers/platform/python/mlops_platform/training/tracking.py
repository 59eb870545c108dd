"""MLflow, as a training job writes to it: patient while the server restarts."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from requests.exceptions import RequestException

from mlops_platform.errors import TrackingServerError

T = TypeVar("T")

# A server that is replaced comes back within a minute or two.
PATIENCE_SECONDS: Final = 180.0
FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 10.0
MAX_PARAM_CHARACTERS: Final = 500
EXECUTION_TAG: Final = "selfmonitor.execution_name"


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

    def finish(self) -> None:
        """Mark the run as finished."""


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

    def finish(self) -> None:
        """Do nothing."""


class MlflowTracking:
    """One MLflow run.

    Parameters
    ----------
    tracking_uri
        The server's address.
    experiment_name
        Made if missing.
    execution_name
        The pipeline's execution; a job that is started again for it continues its unfinished run.
    patience_seconds
        How long to try before giving up.
    """

    def __init__(
        self,
        tracking_uri: str,
        experiment_name: str,
        execution_name: str,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._patience_seconds = patience_seconds
        self._client = MlflowClient(tracking_uri=tracking_uri)
        experiment_id = self._patiently(lambda: self._experiment_id(experiment_name))
        self.run_id = self._patiently(lambda: self._open_run(experiment_id, execution_name))

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

    def finish(self) -> None:
        """Mark the run as finished."""
        self._patiently(lambda: self._client.set_terminated(self.run_id))

    def _experiment_id(self, name: str) -> str:
        experiment = self._client.get_experiment_by_name(name)
        if experiment is not None:
            return str(experiment.experiment_id)
        return str(self._client.create_experiment(name))

    def _open_run(self, experiment_id: str, execution_name: str) -> str:
        if execution_name:
            unfinished = self._client.search_runs(
                [experiment_id],
                f"tags.`{EXECUTION_TAG}` = '{execution_name}' and attributes.status = 'RUNNING'",
                max_results=1,
            )
            if unfinished:
                return str(unfinished[0].info.run_id)
        tags = {EXECUTION_TAG: execution_name}
        run = self._client.create_run(experiment_id, tags=tags, run_name=execution_name or None)
        return str(run.info.run_id)

    def _patiently(self, call: Callable[[], T]) -> T:
        """Call until it succeeds; every call here may be repeated without harm."""
        deadline = time.monotonic() + self._patience_seconds
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                return call()
            except (MlflowException, RequestException, OSError) as error:
                if time.monotonic() + pause > deadline:
                    raise TrackingServerError(
                        f"MLflow did not take the run within {self._patience_seconds:.0f} s: "
                        f"{error}. Check that the tracking server runs and start the training "
                        "again; nothing was released."
                    ) from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def open_tracking(tracking_uri: str, experiment_name: str, execution_name: str) -> Tracking:
    """Return MLflow's run, or none where there is no address."""
    if not tracking_uri:
        return NoTracking()
    return MlflowTracking(tracking_uri, experiment_name, execution_name)
