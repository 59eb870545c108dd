"""The fraud model's training job: tables in; bundle, evaluation and entity states out."""

import json
import logging
import time
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.validation import load_tables
from mlops_platform.errors import TrainingDataError
from mlops_platform.features.clock import format_instant
from mlops_platform.features.snapshot_file import write_snapshot
from mlops_platform.models.fraud_detection.champion import compare_with_champion
from mlops_platform.models.fraud_detection.dataset import FraudDataset, from_tables
from mlops_platform.models.fraud_detection.export_bundle import export_model, write_fraud_bundle
from mlops_platform.models.fraud_detection.leak_check import check_features
from mlops_platform.models.fraud_detection.reference_days import learn_reference
from mlops_platform.models.fraud_detection.selection import (
    LabelledRows,
    Selection,
    labelled_rows,
    select_classifier,
)
from mlops_platform.models.fraud_detection.state_snapshot import end_of_data, entity_states
from mlops_platform.training.code_version import code_version
from mlops_platform.training.data_snapshot import data_snapshot
from mlops_platform.training.job import TrainingJob
from mlops_platform.training.splits import TimeSplit, label_delay_days, split_by_time
from mlops_platform.training.tracking import Tracking, open_tracking

MODEL_NAME = "fraud_detection"
logger = logging.getLogger(__name__)


def train_fraud_detection(job: TrainingJob) -> None:
    """Search, fit, measure once, compare with the champion and write what the pipeline reads.

    The job's run at MLflow ends as the job does, finished or failed.
    """
    with open_tracking(job.tracking_uri, MODEL_NAME, job.execution_name) as tracking:
        _train(job, tracking)


def _train(job: TrainingJob, tracking: Tracking) -> None:
    started = time.monotonic()
    dataset = read_dataset(job)
    snapshot = _snapshot(dataset)
    split = _split(dataset, job.as_of)
    features = checked_features(dataset, split)
    logger.info("%d transactions, %d features", *features.shape)
    selection = select_classifier(
        dataset, features, split, search=job.search, random_state=job.random_state
    )
    lineage = {
        "data_snapshot_sha256": snapshot["sha256"],
        "code_version": code_version(),
        "hyperparameters": selection.classifier.hyperparameters_,
        "random_state": job.random_state,
        "run_id": tracking.run_id,
    }
    test = labelled_rows(dataset, features, split.test(dataset.timestamp), job.as_of)
    evaluation = {
        "model_name": MODEL_NAME,
        "as_of": format_instant(job.as_of),
        "algorithm": selection.classifier.algorithm,
        "data_snapshot": snapshot,
        "run_id": tracking.run_id,
        **_write_outputs(job, dataset, features, split, selection, test, lineage),
    }
    (job.model_folder / "evaluation.json").write_text(json.dumps(evaluation, indent=1))
    seconds = time.monotonic() - started
    tracking.log(
        {"algorithm": evaluation["algorithm"], **lineage["hyperparameters"]}
        | {"as_of": evaluation["as_of"], "search": job.search, "random_state": job.random_state},
        _tracked_metrics(evaluation) | {"training_duration_seconds": seconds},
        {
            "data_snapshot_sha256": snapshot["sha256"],
            "data_snapshot": json.dumps(snapshot),
            "code_version": lineage["code_version"],
        },
    )
    tracking.log_files(job.model_folder / "bundle", "bundle")
    tracking.log_file(job.model_folder / "evaluation.json")


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
    states_as_of = end_of_data(dataset, job.as_of)
    states = dict(entity_states(dataset, states_as_of))
    write_snapshot(job.model_folder / "feature_state.jsonl.gz", states_as_of, states.items())
    exported = export_model(selection, test.rows)
    contract = write_fraud_bundle(
        job.model_folder / "bundle",
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
        "validation_metrics": selection.validation_metrics,
        "candidates": [candidate.to_dict() for candidate in selection.candidates],
        "contract": contract,
        "champion": _champion(job, test, score, dataset),
    }


def _champion(
    job: TrainingJob, test: LabelledRows, score: NDArray[np.float32], dataset: FraudDataset
) -> dict[str, Any] | None:
    if not job.has_channel("champion"):
        return None
    version = job.hyperparameters.get("champion_semantic_version", "")
    folder = job.channel("champion")
    return compare_with_champion(folder, version, test, score, dataset.user_names)


def _split(dataset: FraudDataset, as_of: int) -> TimeSplit:
    known = dataset.known_before(as_of)
    delay = label_delay_days(dataset.timestamp[known], dataset.known_timestamp[known])
    return split_by_time(int(dataset.timestamp[0]), as_of, delay)


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


def _tracked_metrics(evaluation: dict[str, Any]) -> dict[str, float]:
    """Return the evaluation's numbers under MLflow's names."""
    validation = {f"validation_{n}": v for n, v in evaluation["validation_metrics"].items()}
    metrics: dict[str, float] = evaluation["metrics"] | validation | evaluation["contract"]
    if evaluation["champion"] is not None:
        paired = evaluation["champion"]["paired"]
        metrics["champion_difference"] = paired["difference"]
        # Without blocks there is none, and a 0 would look like certainty.
        if paired["n_blocks"]:
            metrics["champion_standard_error"] = paired["standard_error"]
    return metrics
