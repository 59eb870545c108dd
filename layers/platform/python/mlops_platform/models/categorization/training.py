"""The categorization model's training job: tables in; bundle and evaluation out."""

import logging
from datetime import UTC, datetime
from typing import Any, Final

from mlops_platform.data.validation import load_tables
from mlops_platform.errors import TrainingDataError
from mlops_platform.features.clock import format_instant
from mlops_platform.models.categorization.dataset import CategorizationDataset, from_tables
from mlops_platform.models.categorization.export_bundle import (
    draft_inference,
    write_categorization_bundle,
)
from mlops_platform.models.categorization.inference import CategorizationInference
from mlops_platform.models.categorization.measuring import (
    answers,
    beside_champion,
    measure,
    segments,
)
from mlops_platform.models.categorization.purpose import PURPOSE
from mlops_platform.models.categorization.remembered import remember
from mlops_platform.models.categorization.selection import (
    LINEAR,
    Selection,
    labelled_rows,
    select_classifier,
)
from mlops_platform.training.champion import measure_champion
from mlops_platform.training.data_snapshot import data_snapshot
from mlops_platform.training.job import TrainingJob
from mlops_platform.training.run import BUNDLE, training_run
from mlops_platform.training.splits import TimeSplit, split_by_labels

MODEL_NAME: Final = "categorization"
logger = logging.getLogger(__name__)


def train_categorization(job: TrainingJob) -> None:
    """Search, fit, measure once, compare with the champion and write what the pipeline reads."""
    with training_run(job, MODEL_NAME) as run:
        dataset = read_dataset(job)
        snapshot = _snapshot(dataset)
        split = split_by_labels(dataset.timestamp, dataset.known_timestamp, job.as_of)
        logger.info("%d transactions", len(dataset))
        selection = select_classifier(
            dataset, split, search=job.search, random_state=job.random_state
        )
        lineage = run.lineage(snapshot, selection.hyperparameters)
        measured = _write_outputs(job, dataset, split, selection, lineage)
        run.conclude(LINEAR, snapshot, selection.hyperparameters, measured, PURPOSE)


def read_dataset(job: TrainingJob) -> CategorizationDataset:
    """Validate the job's tables and return what had happened, and was known, before `as_of`.

    Raises
    ------
    DataValidationError
        A table breaks its schema.
    TrainingDataError
        Nothing happened before `as_of`.
    """
    names = ("transactions", "category_labels")
    tables = load_tables(
        {name: job.channel(name) for name in names}, as_of=datetime.fromtimestamp(job.as_of, UTC)
    )
    past = from_tables(*(tables[name].to_pandas() for name in names)).before(job.as_of)
    if not len(past):
        raise TrainingDataError(
            f"No transaction lies before {format_instant(job.as_of)}: add older data, or train as "
            "of a later moment."
        )
    return past


def _write_outputs(
    job: TrainingJob,
    dataset: CategorizationDataset,
    split: TimeSplit,
    selection: Selection,
    lineage: dict[str, Any],
) -> dict[str, Any]:
    """Write the bundle; return the measured part of the evaluation.

    Measured is what would have been served at the start of the test window: with the corrections
    known by then. The bundle carries those until `as_of`.
    """
    test = labelled_rows(dataset, split.test(dataset.timestamp), job.as_of)
    then, now = (
        draft_inference(
            selection,
            remember(dataset, split.validation_end, moment),
            as_of=job.as_of,
            lineage=lineage,
        )
        for moment in (split.test_start, job.as_of)
    )
    contract = write_categorization_bundle(
        job.model_folder / BUNDLE, now, selection, dataset=dataset, split=split, test=test
    )
    answered = answers(then, test)
    return {
        "metrics": measure(answered, then.bundle.manifest.threshold, test),
        "segments": segments(answered, test),
        "validation_metrics": selection.validation_metrics,
        "candidates": [candidate.to_dict() for candidate in selection.candidates],
        "contract": contract,
        "champion": measure_champion(
            job,
            CategorizationInference.from_folder,
            lambda champion: beside_champion(champion, dataset, test, then, answered),
        ),
    }


def _snapshot(dataset: CategorizationDataset) -> dict[str, Any]:
    return data_snapshot(
        dataset.timestamp,
        dataset.transaction_id,
        dataset.category.astype(object),
        dataset.known_timestamp,
    )
