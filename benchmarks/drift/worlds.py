"""Worlds of the demo's size, trained on and then watched day by day, sound and with each fault."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mlops_platform.bundle.session import OnnxClassifier
from mlops_platform.data.world.faults import KINDS, Fault
from mlops_platform.data.world.world import World
from mlops_platform.features.clock import DAY_SECONDS, day_of
from mlops_platform.models.fraud_detection.dataset import FraudDataset, from_tables
from mlops_platform.models.fraud_detection.estimator import FraudClassifier
from mlops_platform.models.fraud_detection.export import to_onnx
from mlops_platform.models.fraud_detection.reference_days import learn_reference
from mlops_platform.models.fraud_detection.selection import labelled_rows
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.training.splits import label_delay_days, split_by_time

FIRST_DAY: Final = date(2025, 1, 6)
# As benchmarks/demo/plan.py trains.
TRAINING_DAYS: Final = 75
AS_OF_DAY: Final = FIRST_DAY + timedelta(days=TRAINING_DAYS)
QUIET_DAYS: Final = 28
# A fault begins after some quiet days, in the middle of a week.
FAULT_AFTER_DAYS: Final = 8
FAULTY_DAYS: Final = 5
FAULT_DAY: Final = AS_OF_DAY + timedelta(days=FAULT_AFTER_DAYS)
# Fewer trees than the training job's: the same kind of score for a third of the time.
HYPERPARAMETERS: Final = {"n_estimators": 40, "learning_rate": 0.2, "max_depth": 4}
QUIET: Final = "quiet"


@dataclass(frozen=True)
class Watched:
    """What monitoring sees of one seed's worlds.

    Parameters
    ----------
    reference
        As the training job writes it into the bundle.
    counts
        By fault (or `QUIET`) the counts of each day after training, of shape (n_days, n_bins).
    """

    reference: ReferenceProfile
    counts: dict[str, NDArray[np.int64]]


@dataclass(frozen=True)
class _Trained:
    classifier: OnnxClassifier
    reference: ReferenceProfile


def watch(seed: int, n_users: int, samples: Sequence[int | None]) -> list[Watched]:
    """Train on a seed's world, then count the days that follow, without and with each fault.

    Parameters
    ----------
    seed, n_users
        Of the world.
    samples
        How many of a day's transactions are predicted, chosen at random; None for all.

    Returns
    -------
    list of Watched
        One for each sample size.
    """
    world = World(seed=seed, n_users=n_users)
    last = AS_OF_DAY + timedelta(days=QUIET_DAYS - 1)
    dataset = _dataset(world, world.transactions(FIRST_DAY, last))
    trained = _train(dataset)
    seen = {QUIET: _count(trained, dataset, samples)}
    sound = world.transactions(FIRST_DAY, FAULT_DAY - timedelta(days=1))
    for name in KINDS:
        faulty = World(seed=seed, n_users=n_users, faults=(Fault(name, FAULT_DAY),))
        days = faulty.transactions(FAULT_DAY, FAULT_DAY + timedelta(days=FAULTY_DAYS - 1))
        dataset = _dataset(world, pa.concat_tables([sound, days]))
        seen[name] = _count(trained, dataset, samples)
    return [
        Watched(trained.reference, {name: counts[i] for name, counts in seen.items()})
        for i in range(len(samples))
    ]


def _dataset(world: World, transactions: pa.Table) -> FraudDataset:
    """Join transactions with the labels that come for them; faults leave those alone."""
    last = AS_OF_DAY + timedelta(days=QUIET_DAYS - 1)
    labels = world.labels(FIRST_DAY, last, until=last)
    return from_tables(transactions.to_pandas(), labels.to_pandas())


def _train(dataset: FraudDataset) -> _Trained:
    """Fit as the training job does, without its search."""
    as_of = _as_of(dataset)
    known = dataset.take(dataset.timestamp < as_of).forget_labels_from(as_of)
    labelled = known.known_before(as_of)
    delay = label_delay_days(known.timestamp[labelled], known.known_timestamp[labelled])
    split = split_by_time(int(known.timestamp[0]), as_of, delay)
    rows = known.features()
    fitted = labelled_rows(known, rows, split.refit(known.timestamp), split.test_start)
    classifier = FraudClassifier("xgboost", dict(HYPERPARAMETERS))
    classifier.fit(fitted.rows, fitted.is_fraud)
    graph = OnnxClassifier.from_bytes(to_onnx(classifier, rows.shape[1]))
    return _Trained(graph, learn_reference(known, rows, graph, split))


def _as_of(dataset: FraudDataset) -> int:
    return (day_of(int(dataset.timestamp[0])) + TRAINING_DAYS) * DAY_SECONDS


def _count(
    trained: _Trained, dataset: FraudDataset, samples: Sequence[int | None]
) -> list[NDArray[np.int64]]:
    """Count each day after training, for each sample size."""
    as_of = _as_of(dataset)
    rows = dataset.features(since=as_of)
    scores = trained.classifier.predict_proba(rows)
    day = (dataset.timestamp[-len(rows) :] - as_of) // DAY_SECONDS
    n_days = int(day.max()) + 1
    counts = []
    for sample in samples:
        chosen = _sampled(day, sample)
        counts.append(trained.reference.count(rows[chosen], scores[chosen], day[chosen], n_days))
    return counts


def _sampled(day: NDArray[np.int64], sample: int | None) -> NDArray[np.int64]:
    """Return at most `sample` random rows of each day."""
    if sample is None:
        return np.arange(len(day))
    order = np.random.default_rng(len(day)).permutation(len(day))
    order = order[np.argsort(day[order], kind="stable")]
    place = np.arange(len(order)) - np.searchsorted(day[order], day[order])
    return order[place < sample]
