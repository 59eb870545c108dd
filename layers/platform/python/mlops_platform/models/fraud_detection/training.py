"""The fraud model's training job: tables in; bundle, evaluation and entity states out."""

import logging
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.validation import load_tables
from mlops_platform.errors import TrainingDataError
from mlops_platform.features.clock import format_instant
from mlops_platform.features.snapshot_file import write_snapshot
from mlops_platform.models.fraud_detection.champion import beside_champion
from mlops_platform.models.fraud_detection.dataset import FraudDataset, from_tables
from mlops_platform.models.fraud_detection.export_bundle import export_model, write_fraud_bundle
from mlops_platform.models.fraud_detection.inference import FraudInference
from mlops_platform.models.fraud_detection.leak_check import check_features
from mlops_platform.models.fraud_detection.purpose import PURPOSE
from mlops_platform.models.fraud_detection.reference_days import learn_reference
from mlops_platform.models.fraud_detection.selection import (
    LabelledRows,
    Selection,
    labelled_rows,
    select_classifier,
)
from mlops_platform.models.fraud_detection.state_snapshot import entity_states
from mlops_platform.training.champion import measure_champion
from mlops_platform.training.data_snapshot import data_snapshot
from mlops_platform.training.job import TrainingJob
from mlops_platform.training.reference_window import end_of_data
from mlops_platform.training.run import BUNDLE, training_run
from mlops_platform.training.splits import TimeSplit, split_by_labels

MODEL_NAME = "fraud_detection"
logger = logging.getLogger(__name__)


def train_fraud_detection(job: TrainingJob) -> None:
    """Search, fit, measure once, compare with the champion and write what the pipeline reads."""
    with training_run(job, MODEL_NAME) as run:
        dataset = read_dataset(job)
        snapshot = _snapshot(dataset)
        split = split_by_labels(dataset.timestamp, dataset.known_timestamp, job.as_of)
        features = checked_features(dataset, split)
        logger.info("%d transactions, %d features", *features.shape)
        selection = select_classifier(
            dataset, features, split, search=job.search, random_state=job.random_state
        )
        classifier = selection.classifier
        test = labelled_rows(dataset, features, split.test(dataset.timestamp), job.as_of)
        lineage = run.lineage(snapshot, classifier.hyperparameters_)
        measured = _write_outputs(job, dataset, features, split, selection, test, lineage)
        run.conclude(classifier.algorithm, snapshot, classifier.hyperparameters_, measured, PURPOSE)


def read_dataset(job: TrainingJob) -> FraudDataset:
    """Validate the job's tables and return what had happened, and was known, before `as_of`.

    Raises
    ------
    DataValidationError
        A table breaks its schema.
    TrainingDataError
        Nothing happened before `as_of`.
    """
    names = ("transactions", "fraud_labels")
    tables = load_tables(
        {name: job.channel(name) for name in names}, as_of=datetime.fromtimestamp(job.as_of, UTC)
    )
    dataset = from_tables(*(tables[name].to_pandas() for name in names))
    past = dataset.take(dataset.timestamp < job.as_of)
    if not len(past):
        raise TrainingDataError(
            f"No transaction lies before {format_instant(job.as_of)}: add older data, or train as "
            "of a later moment."
        )
    return past.forget_labels_from(job.as_of)


def checked_features(dataset: FraudDataset, split: TimeSplit) -> NDArray[np.float32]:
    """Return the rows of shape (n, n_features), having proved that none looks ahead.

    Raises
    ------
    LabelLeakageError
        A feature knows a label, or a transaction, before its time.
    """
    rows = dataset.features()
    for moment in (split.validation_start, split.test_start):
        check_features(dataset, rows, moment, FraudDataset.features)
    return rows


def _write_outputs(
    job: TrainingJob,
    dataset: FraudDataset,
    features: NDArray[np.float32],
    split: TimeSplit,
    selection: Selection,
    test: LabelledRows,
    lineage: dict[str, Any],
) -> dict[str, Any]:
    """Write bundle and states; return the measured part of the evaluation."""
    # What was served since then is folded onto the states, and must not be taken for known.
    states_as_of = end_of_data(dataset.timestamp, job.as_of)
    states = dict(entity_states(dataset, states_as_of))
    write_snapshot(job.model_folder / "feature_state.jsonl.gz", states_as_of, states.items())
    exported = export_model(selection, test.rows)
    contract = write_fraud_bundle(
        job.model_folder / BUNDLE,
        selection,
        exported,
        dataset=dataset,
        states=states,
        states_as_of=states_as_of,
        reference=learn_reference(dataset, features, exported.classifier, split),
        as_of=job.as_of,
        lineage=lineage,
    )
    # What is measured is what is served: the graph's scores, not the source model's.
    score = exported.classifier.predict_proba(test.rows)
    return {
        "metrics": test.metrics(score, selection.threshold),
        "segments": test.segments(score, selection.threshold),
        "validation_metrics": selection.validation_metrics,
        "candidates": [candidate.to_dict() for candidate in selection.candidates],
        "contract": contract,
        "champion": measure_champion(
            job,
            FraudInference.from_folder,
            lambda champion: beside_champion(champion, test, score, dataset.user_names),
        ),
    }


def _snapshot(dataset: FraudDataset) -> dict[str, Any]:
    return data_snapshot(
        dataset.timestamp,
        dataset.transaction_id,
        dataset.amount_minor,
        dataset.user_names,
        dataset.user,
        dataset.merchant_names,
        dataset.merchant,
        dataset.known_timestamp,
        dataset.is_fraud,
    )
