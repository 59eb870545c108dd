"""The recommendation model's training job: tables in; bundle and evaluation out."""

import logging
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from mlops_platform.data.validation import load_tables
from mlops_platform.errors import TrainingDataError
from mlops_platform.features.clock import format_instant
from mlops_platform.models.recommendation.dataset import RecommendationDataset, from_tables
from mlops_platform.models.recommendation.export_bundle import (
    draft_inference,
    write_recommendation_bundle,
)
from mlops_platform.models.recommendation.inference import RecommendationInference
from mlops_platform.models.recommendation.measuring import (
    beside_champion,
    measure,
    segments,
    served,
)
from mlops_platform.models.recommendation.model_choice import ModelChoice, choose_model, judged
from mlops_platform.models.recommendation.purpose import PURPOSE
from mlops_platform.training.champion import measure_champion
from mlops_platform.training.data_snapshot import data_snapshot
from mlops_platform.training.job import TrainingJob
from mlops_platform.training.run import BUNDLE, training_run
from mlops_platform.training.splits import TimeSplit, split_by_labels

MODEL_NAME: Final = "recommendation"
TABLES: Final = ("interactions", "items", "users")
logger = logging.getLogger(__name__)


def train_recommendation(job: TrainingJob) -> None:
    """Search, fit, measure once, compare with the champion and write what the pipeline reads."""
    with training_run(job, MODEL_NAME) as run:
        dataset = read_dataset(job)
        snapshot = _snapshot(dataset)
        # What somebody takes up is known at once.
        split = split_by_labels(dataset.timestamp, dataset.timestamp, job.as_of)
        logger.info("%d take-ups of %d items", len(dataset), dataset.n_items)
        choice = choose_model(dataset, split, search=job.search, random_state=job.random_state)
        lineage = run.lineage(snapshot, choice.hyperparameters)
        measured = _write_outputs(job, dataset, split, choice, lineage)
        run.conclude(choice.algorithm, snapshot, choice.hyperparameters, measured, PURPOSE)


def read_dataset(job: TrainingJob) -> RecommendationDataset:
    """Validate the job's tables and return what had been taken up before `as_of`.

    Raises
    ------
    DataValidationError
        A table breaks its schema.
    TrainingDataError
        Nothing was taken up before `as_of`.
    """
    tables = load_tables(
        {name: job.channel(name) for name in TABLES}, as_of=datetime.fromtimestamp(job.as_of, UTC)
    )
    interactions, items, users = (tables[name].to_pandas() for name in TABLES)
    dataset = from_tables(interactions, items, users, job.as_of)
    if not len(dataset):
        raise TrainingDataError(
            f"No interaction lies before {format_instant(job.as_of)}: add older data, or train as "
            "of a later moment."
        )
    return dataset


def _write_outputs(
    job: TrainingJob,
    dataset: RecommendationDataset,
    split: TimeSplit,
    choice: ModelChoice,
    lineage: dict[str, Any],
) -> dict[str, Any]:
    """Write the bundle; return the measured part of the evaluation."""
    test = judged(dataset, split.test(dataset.timestamp))
    inference = draft_inference(choice, dataset, as_of=job.as_of, lineage=lineage)
    contract = write_recommendation_bundle(
        job.model_folder / BUNDLE, inference, choice.form, dataset=dataset, split=split, test=test
    )
    lists = served(inference, dataset, test)
    return {
        "metrics": measure(lists, dataset, split, test),
        "segments": segments(lists, dataset, test),
        "validation_metrics": choice.validation_metrics,
        "candidates": [candidate.to_dict() for candidate in choice.candidates],
        "contract": contract,
        "champion": measure_champion(
            job,
            RecommendationInference.from_folder,
            lambda champion: beside_champion(champion, dataset, split, test, lists),
        ),
    }


def _snapshot(dataset: RecommendationDataset) -> dict[str, Any]:
    """Return what was learnt from: take-ups, what is known of their users, and the items."""
    return data_snapshot(
        dataset.timestamp,
        dataset.user_ids[dataset.user],
        dataset.item,
        dataset.user_columns.ravel(),
        np.array(dataset.catalogue.item_ids, dtype=object),
        np.array(dataset.catalogue.titles, dtype=object),
        dataset.kind,
    )
