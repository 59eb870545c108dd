"""The churn model's training job: a table in; bundle and evaluation out."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from mlops_platform.config.models import model_named
from mlops_platform.models.churn.dataset import ChurnDataset, read_dataset
from mlops_platform.models.churn.estimator import ChurnClassifier
from mlops_platform.models.churn.export import THRESHOLD, draft_inference, write_churn_bundle
from mlops_platform.models.churn.inference import ChurnInference
from mlops_platform.models.churn.purpose import PURPOSE
from mlops_platform.training.champion import measure_champion
from mlops_platform.training.data_snapshot import data_snapshot
from mlops_platform.training.job import TrainingJob
from mlops_platform.training.paired_difference import (
    AVERAGE_PRECISION,
    paired_difference,
    user_blocks,
)
from mlops_platform.training.run import BUNDLE, training_run
from mlops_platform.training.search import Candidate, Grid
from mlops_platform.training.splits import TimeSplit, split_by_labels
from mlops_platform.training.tuning import tune

MODEL_NAME: Final = "churn"
LOGISTIC: Final = "logistic_regression"
GRIDS: Final[Mapping[str, Mapping[str, Grid]]] = {
    "quick": {LOGISTIC: {"penalty": [1.0]}},
    "default": {LOGISTIC: {"penalty": [0.01, 1.0, 100.0]}},
}
SPACES: Final = model_named(MODEL_NAME).search_space


def train_churn(job: TrainingJob) -> None:
    """Search, fit, measure once, compare with the champion and write what the pipeline reads."""
    with training_run(job, MODEL_NAME) as run:
        dataset = read_dataset(job)
        snapshot = data_snapshot(
            dataset.timestamp,
            dataset.user,
            dataset.counts,
            dataset.known_timestamp,
            dataset.has_left,
        )
        split = split_by_labels(dataset.timestamp, dataset.known_timestamp, job.as_of)
        candidates = _search(dataset, split, job)
        best = dict(candidates[0].hyperparameters)
        fit = dataset.labelled(split.refit(dataset.timestamp), split.test_start)
        classifier = ChurnClassifier(**best).fit(fit.features, fit.has_left)
        draft = draft_inference(classifier, job.as_of, run.lineage(snapshot, best))
        contract = write_churn_bundle(
            job.model_folder / BUNDLE, draft, classifier, dataset=dataset, split=split
        )
        test = dataset.labelled(split.test(dataset.timestamp), job.as_of)
        score = draft.classifier.predict_proba(test.features)
        measured = {
            "metrics": _metrics(score, test),
            "validation_metrics": {AVERAGE_PRECISION.name: candidates[0].score},
            "candidates": [candidate.to_dict() for candidate in candidates],
            "contract": contract,
            "champion": measure_champion(
                job,
                ChurnInference.from_folder,
                lambda champion: _beside_champion(champion, test, score),
            ),
        }
        run.conclude(LOGISTIC, snapshot, best, measured, PURPOSE)


def _search(dataset: ChurnDataset, split: TimeSplit, job: TrainingJob) -> list[Candidate]:
    at = dataset.timestamp
    train = dataset.labelled(split.train(at), split.validation_start)
    validation = dataset.labelled(split.validation(at), split.test_start)

    def judge(_algorithm: str, hyperparameters: dict[str, Any]) -> float:
        classifier = ChurnClassifier(**hyperparameters).fit(train.features, train.has_left)
        score = classifier.predict_proba(validation.features)
        return float(average_precision_score(validation.has_left, score))

    return tune(
        job.search, GRIDS, SPACES, AVERAGE_PRECISION.name, judge, random_state=job.random_state
    )


def _metrics(score: NDArray[np.float32], rows: ChurnDataset) -> dict[str, float]:
    return {
        "accuracy": float(np.mean((score >= THRESHOLD) == (rows.has_left == 1))),
        AVERAGE_PRECISION.name: float(average_precision_score(rows.has_left, score)),
        "n_rows": len(score),
    }


def _beside_champion(
    champion: ChurnInference, test: ChurnDataset, score: NDArray[np.float32]
) -> tuple[dict[str, float], dict[str, Any]]:
    """Return the champion's metrics and the paired difference of a candidate to it."""
    theirs = champion.classifier.predict_proba(test.features)
    block = user_blocks(map(str, test.user))
    paired = paired_difference(score, theirs, test.has_left, block, AVERAGE_PRECISION)
    return _metrics(theirs, test), paired
