"""The one reader of SageMaker's container contract: files in, model and failure out."""

import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from threadpoolctl import threadpool_limits

from mlops_platform.config.search_space import ALGORITHM
from mlops_platform.errors import ConfigurationError
from mlops_platform.features.clock import parse_instant
from mlops_platform.training.search import DEFAULT, SEARCHES, Point, Search

# SageMaker shows this much of the failure file.
MAX_FAILURE_CHARACTERS: Final = 1024
FAILED: Final = 1


@dataclass(frozen=True)
class TrainingJob:
    """One training job, as its container finds it.

    Parameters
    ----------
    root
        ``/opt/ml``, or where ``SELFMONITOR_ML_ROOT`` says.
    hyperparameters
        Texts by name: model_name, as_of, search, random_state, execution_name; and, where a tuning
        job chose a point, its algorithm and that one's own.

    Examples
    --------
    >>> job = TrainingJob(Path("/opt/ml"), {"as_of": "2026-03-01T00:00:00Z"})
    >>> job.as_of, job.random_state, job.search
    (1772323200, 0, 'default')
    """

    root: Path
    hyperparameters: Mapping[str, str]

    @classmethod
    def from_environment(cls) -> Self:
        """Read the job that this container was started for.

        Raises
        ------
        ConfigurationError
            The hyperparameters' file is missing or no JSON object.
        """
        root = _root()
        path = root / "input/config/hyperparameters.json"
        try:
            return cls(root, dict(json.loads(path.read_text())))
        except (OSError, ValueError, TypeError) as error:
            raise ConfigurationError(
                f"{path} holds no hyperparameters. SageMaker writes it; elsewhere, write it and "
                "point SELFMONITOR_ML_ROOT at the folder that stands for /opt/ml."
            ) from error

    @property
    def as_of(self) -> int:
        """The epoch second before which data counts."""
        text = self._required("as_of")
        try:
            return parse_instant(text)
        except ValueError as error:
            raise ConfigurationError(
                f"as_of is {text!r}; give an ISO 8601 time such as 2026-03-01T00:00:00Z."
            ) from error

    @property
    def search(self) -> Search:
        """How to search: one of `SEARCHES`, or the point that an algorithm's values are."""
        if ALGORITHM in self.hyperparameters:
            return Point(self.hyperparameters[ALGORITHM], self.hyperparameters)
        search = self.hyperparameters.get("search", DEFAULT)
        if search not in SEARCHES:
            raise ConfigurationError(f"search is {search!r}; give one of {', '.join(SEARCHES)}.")
        return search

    @property
    def random_state(self) -> int:
        """The seed of everything random."""
        text = self.hyperparameters.get("random_state", "0")
        if not text.isdecimal():
            raise ConfigurationError(f"random_state is {text!r}; give a whole number.")
        return int(text)

    @property
    def execution_name(self) -> str:
        """The pipeline's execution that started this job, empty when run by hand."""
        return self.hyperparameters.get("execution_name", "")

    @property
    def run_name(self) -> str:
        """What its run is called: after its execution, or after itself as one job of a search."""
        itself = os.environ.get("TRAINING_JOB_NAME", "")
        return itself if itself and isinstance(self.search, Point) else self.execution_name

    @property
    def tracking_uri(self) -> str:
        """MLflow's address, empty for none."""
        return os.environ.get("MLFLOW_TRACKING_URI", "")

    @property
    def model_folder(self) -> Path:
        """What is written here becomes model.tar.gz."""
        return self.root / "model"

    @property
    def output_folder(self) -> Path:
        """What is written here becomes output.tar.gz, beside the model."""
        return self.root / "output/data"

    def channel(self, name: str) -> Path:
        """Return the folder of an input channel.

        Raises
        ------
        ConfigurationError
            The job has no such channel.
        """
        folder = self.root / "input/data" / name
        if not folder.is_dir():
            raise ConfigurationError(f"This job has no channel {name!r}: name it in its inputs.")
        return folder

    def has_channel(self, name: str) -> bool:
        """Return whether the job was given this channel, with something in it."""
        folder = self.root / "input/data" / name
        return folder.is_dir() and any(folder.iterdir())

    def run(self, train: Callable[["TrainingJob"], None]) -> int:
        """Run `train`; on an error write the failure file and return a failing exit code.

        The file's first word is the error's class name, which a state machine's Catch knows.
        """
        try:
            self.model_folder.mkdir(parents=True, exist_ok=True)
            train(self)
        except Exception as error:  # noqa: BLE001 - the container's last words, whatever went wrong
            write_failure(self.root, error)
            return FAILED
        return 0

    def _required(self, name: str) -> str:
        if name not in self.hyperparameters:
            raise ConfigurationError(f"The job needs the hyperparameter {name!r}.")
        return self.hyperparameters[name]


def run_training_job(train: Callable[[TrainingJob], None]) -> int:
    """Run the job that this container was started for; return the container's exit code."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        job = TrainingJob.from_environment()
    except Exception as error:  # noqa: BLE001 - the platform must learn why nothing ran
        write_failure(_root(), error)
        return FAILED
    # The order of sums, and so the bundle's hash, is then the same on every machine; and threads of
    # linear algebra wait for each other by spinning, which jobs that share cores pay for.
    with threadpool_limits(limits=1):
        return job.run(train)


def write_failure(root: Path, error: Exception) -> None:
    """Write ``<root>/output/failure`` for people and machines; the traceback goes to stderr."""
    traceback.print_exception(error, file=sys.stderr)
    folder = root / "output"
    folder.mkdir(parents=True, exist_ok=True)
    message = f"{type(error).__name__}: {error}"
    (folder / "failure").write_text(message[:MAX_FAILURE_CHARACTERS])


def _root() -> Path:
    return Path(os.environ.get("SELFMONITOR_ML_ROOT", "/opt/ml"))
