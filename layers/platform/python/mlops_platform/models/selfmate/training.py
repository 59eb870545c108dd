"""SelfMate's training job: utterances in; bundle and evaluation out."""

import logging
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np

from mlops_platform.data.validation import load_tables
from mlops_platform.models.selfmate.dataset import UtteranceDataset, from_table
from mlops_platform.models.selfmate.encoder import SentenceEncoder
from mlops_platform.models.selfmate.export_bundle import draft_inference, write_selfmate_bundle
from mlops_platform.models.selfmate.head_fit import Encodings
from mlops_platform.models.selfmate.inference import SelfMateInference
from mlops_platform.models.selfmate.job_encoder import JobEncoder
from mlops_platform.models.selfmate.measuring import (
    beside_champion,
    understood,
)
from mlops_platform.models.selfmate.purpose import PURPOSE
from mlops_platform.models.selfmate.selection import HEADS, Selection, select_heads
from mlops_platform.training.champion import measure_champion
from mlops_platform.training.data_snapshot import data_snapshot
from mlops_platform.training.job import TrainingJob
from mlops_platform.training.run import BUNDLE, training_run

MODEL_NAME: Final = "selfmate"
_TABLE: Final = "utterances"
logger = logging.getLogger(__name__)


def train_selfmate(job: TrainingJob) -> None:
    """Search, fit, measure once, compare with the champion and write what the pipeline reads."""
    with training_run(job, MODEL_NAME) as run:
        dataset = read_dataset(job)
        snapshot = _snapshot(dataset)
        logger.info("%d utterances", len(dataset))
        encoder = JobEncoder.of(job, dataset)
        encodings = Encodings(SentenceEncoder.from_bytes(encoder.graph, encoder.tokenizer))
        selection = select_heads(
            encodings, dataset, _today(job), search=job.search, random_state=job.random_state
        )
        chosen = {**selection.hyperparameters, **encoder.origin}
        inference = draft_inference(
            selection.heads,
            encoder=encoder.graph,
            tokenizer=encoder.tokenizer,
            as_of=job.as_of,
            lineage=run.lineage(snapshot, chosen),
        )
        measured = _write_outputs(job, dataset, encodings, selection, inference)
        run.conclude(HEADS, snapshot, chosen, measured, PURPOSE)


def read_dataset(job: TrainingJob) -> UtteranceDataset:
    """Validate the job's table and return what had been said before `as_of`.

    Raises
    ------
    DataValidationError
        The table breaks its schema.
    TrainingDataError
        A split has no utterance.
    """
    moment = datetime.fromtimestamp(job.as_of, UTC)
    table = load_tables({_TABLE: job.channel(_TABLE)}, as_of=moment)[_TABLE]
    return from_table(table.to_pandas(), job.as_of)


def _write_outputs(
    job: TrainingJob,
    dataset: UtteranceDataset,
    encodings: Encodings,
    selection: Selection,
    inference: SelfMateInference,
) -> dict[str, Any]:
    """Write the bundle; return the measured part of the evaluation."""
    test = understood(inference.understanding, dataset.of("test"), _today(job))
    folder = job.model_folder / BUNDLE
    contract = write_selfmate_bundle(folder, inference, selection.heads, encodings, test, job.as_of)
    return {
        "metrics": test.metrics(),
        "validation_metrics": selection.validation_metrics,
        "candidates": [candidate.to_dict() for candidate in selection.candidates],
        "contract": contract,
        "champion": measure_champion(
            job,
            SelfMateInference.from_folder,
            lambda champion: beside_champion(champion, test, _today(job)),
        ),
    }


def _today(job: TrainingJob) -> date:
    """Return the day on which all utterances are read, so that periods in them mean one thing."""
    return datetime.fromtimestamp(job.as_of, UTC).date()


def _snapshot(dataset: UtteranceDataset) -> dict[str, Any]:
    return data_snapshot(
        dataset.timestamp,
        dataset.text,
        dataset.intent.astype(object),
        dataset.split.astype(object),
        np.array([str(spans) for spans in dataset.slots], dtype=object),
    )
