"""One run of a training job: what every model's job writes down besides its own outputs."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from mlops_platform.features.clock import format_instant
from mlops_platform.training.code_version import code_version
from mlops_platform.training.job import TrainingJob
from mlops_platform.training.model_card import MODEL_CARD, Purpose, model_card
from mlops_platform.training.tracking import Tracking, open_tracking

EVALUATION: Final = "evaluation.json"
BUNDLE: Final = "bundle"


@dataclass(frozen=True, kw_only=True)
class TrainingRun:
    """The run of one job, which ends at MLflow as the job does.

    Parameters
    ----------
    job
        The job.
    model_name
        Whose it is; the experiment's name.
    tracking
        MLflow's run.
    started
        `time.monotonic` at the job's start, in seconds.
    """

    job: TrainingJob
    model_name: str
    tracking: Tracking
    started: float

    def lineage(
        self, snapshot: Mapping[str, Any], hyperparameters: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return where a bundle comes from, as its manifest says it.

        Parameters
        ----------
        snapshot
            The data's `data_snapshot`.
        hyperparameters
            Everything the chosen model was fitted with.
        """
        return {
            "data_snapshot_sha256": snapshot["sha256"],
            "code_version": code_version(),
            "hyperparameters": dict(hyperparameters),
            "random_state": self.job.random_state,
            "run_id": self.tracking.run_id,
        }

    def conclude(
        self,
        algorithm: str,
        snapshot: Mapping[str, Any],
        hyperparameters: Mapping[str, Any],
        measured: Mapping[str, Any],
        purpose: Purpose,
    ) -> None:
        """Write evaluation and model card, and log both with the bundle, which must be written.

        Parameters
        ----------
        algorithm
            What was learnt with.
        snapshot, hyperparameters
            As for `lineage`.
        measured
            ``metrics``, ``validation_metrics``, ``candidates``, ``contract`` and ``champion``, as
            the quality gate reads them; and ``segments``, metrics by part of the test window.
        purpose
            What the model card says beside these.
        """
        evaluation = {
            "model_name": self.model_name,
            "as_of": format_instant(self.job.as_of),
            "algorithm": algorithm,
            "data_snapshot": dict(snapshot),
            "run_id": self.tracking.run_id,
            **measured,
        }
        path = self.job.model_folder / EVALUATION
        path.write_text(json.dumps(evaluation, indent=1))
        card = self.job.model_folder / MODEL_CARD
        card.write_text(model_card(purpose, evaluation, self.lineage(snapshot, hyperparameters)))
        asked = {
            "as_of": evaluation["as_of"],
            "search": str(self.job.search),
            "random_state": self.job.random_state,
        }
        seconds = time.monotonic() - self.started
        self.tracking.log(
            {"algorithm": algorithm, **hyperparameters, **asked},
            _tracked_metrics(evaluation) | {"training_duration_seconds": seconds},
            {
                "data_snapshot_sha256": snapshot["sha256"],
                "data_snapshot": json.dumps(snapshot),
                "code_version": code_version(),
            },
        )
        self.tracking.log_files(self.job.model_folder / BUNDLE, BUNDLE)
        self.tracking.log_file(path)
        self.tracking.log_file(card)


@contextmanager
def training_run(job: TrainingJob, model_name: str) -> Iterator[TrainingRun]:
    """Yield a job's run; whatever is raised inside leaves it ``FAILED`` and is raised on."""
    started = time.monotonic()
    with open_tracking(job.tracking_uri, model_name, job.run_name) as tracking:
        yield TrainingRun(job=job, model_name=model_name, tracking=tracking, started=started)


def _tracked_metrics(evaluation: Mapping[str, Any]) -> dict[str, float]:
    """Return the evaluation's numbers under MLflow's names."""
    validation = {f"validation_{n}": v for n, v in evaluation["validation_metrics"].items()}
    metrics: dict[str, float] = evaluation["metrics"] | validation | evaluation["contract"]
    for rank, candidate in enumerate(evaluation["candidates"], start=1):
        beside_best = candidate.get("beside_best", {})
        metrics |= {f"candidate_{rank}_{name}": value for name, value in beside_best.items()}
    if evaluation["champion"] is not None:
        paired = evaluation["champion"]["paired"]
        metrics["champion_difference"] = paired["difference"]
        # Without blocks there is none, and a 0 would look like certainty.
        if paired["n_blocks"]:
            metrics["champion_standard_error"] = paired["standard_error"]
    return metrics
