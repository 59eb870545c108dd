"""The handbook's prequential protocol: train a week, wait for labels a week, test a week."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.fraud.baselines import baseline_scores
from benchmarks.fraud.card_table import DELAY_DAYS
from mlops_platform.features.clock import DAY_SECONDS, format_instant
from mlops_platform.models.fraud_detection.dataset import NOT_KNOWN, FraudDataset
from mlops_platform.models.fraud_detection.estimator import FraudClassifier
from mlops_platform.models.fraud_detection.selection import GRIDS, labelled_rows
from mlops_platform.training.metrics import fraud_metrics
from mlops_platform.training.search import grid_points

Int64s = NDArray[np.int64]

WEEK: int = 7
# How far the training window reaches back before the training week.
HISTORY_DAYS: int = 60


@dataclass(frozen=True)
class Fold:
    """One fold, in days since 1970: train until `train_end`, test from `test_start` on."""

    start: int

    @property
    def train_end(self) -> int:
        """The day after the training week."""
        return self.start + WEEK

    @property
    def test_start(self) -> int:
        """The first test day, when the training week's labels are all known."""
        return self.train_end + DELAY_DAYS

    @property
    def test_end(self) -> int:
        """The day after the test week."""
        return self.test_start + WEEK


def judged_rows(dataset: FraudDataset, fold: Fold) -> NDArray[np.bool_]:
    """Return the test week's labelled rows whose card is not known to be compromised, (n,).

    A card is known on test day d if it had a fraud between the training week's start and day
    d - delay - 1.
    """
    day = dataset.timestamp // DAY_SECONDS
    is_labelled = dataset.known_timestamp != NOT_KNOWN
    kept = np.zeros(len(dataset), dtype=bool)
    for today in range(fold.test_start, fold.test_end):
        seen = (day >= fold.start) & (day < today - DELAY_DAYS) & (dataset.user >= 0)
        known = np.unique(dataset.user[seen & (dataset.is_fraud == 1)])
        kept |= (day == today) & is_labelled & ~np.isin(dataset.user, known)
    return kept


def first_candidate() -> tuple[str, dict[str, Any]]:
    """Return algorithm and hyperparameters of the first point that the training job tries."""
    return next(grid_points(GRIDS["default"]))


def run_fold(dataset: FraudDataset, features: NDArray[np.float32], fold: Fold) -> dict[str, Any]:
    """Fit the training job's first candidate on labels known at the test's start, and test it.

    The job's own search would choose between its candidates on a validation week; the handbook's
    protocol has none, so the benchmark takes the point that comes first in the job's grid.

    A transaction counts as called fraud from a probability of one half on; only accuracy depends
    on it.

    Raises
    ------
    TrainingDataError
        The file holds no fraud, or nothing at all, in the training or the test week.
    """
    day = dataset.timestamp // DAY_SECONDS
    window = (day >= fold.start - HISTORY_DAYS) & (day < fold.train_end)
    moment = fold.test_start * DAY_SECONDS
    train = labelled_rows(dataset, features, window, moment)
    algorithm, hyperparameters = first_candidate()
    classifier = FraudClassifier(algorithm, hyperparameters).fit(train.rows, train.is_fraud)
    test = judged_rows(dataset, fold)

    def measured(score: NDArray[np.float32]) -> dict[str, float]:
        rows = (dataset.is_fraud[test], dataset.user[test], day[test])
        return fraud_metrics(score, *rows, threshold=0.5)

    ours = measured(classifier.predict_proba(features[test]))
    baselines = baseline_scores(train.rows, train.is_fraud, features[test])
    return {
        "start": format_instant(fold.start * DAY_SECONDS)[:10],
        **ours,
        "baselines": {name: measured(score) for name, score in baselines.items()},
    }
