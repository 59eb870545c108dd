"""Choose the fraud classifier on validation, fit it again, measure it once on test."""

import itertools
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss

from mlops_platform.config.models import model_named
from mlops_platform.errors import TrainingDataError
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.models.fraud_detection.dataset import FraudDataset
from mlops_platform.models.fraud_detection.estimator import FraudClassifier
from mlops_platform.training.candidate_answers import CandidateAnswers
from mlops_platform.training.metrics import fraud_metrics
from mlops_platform.training.paired_bootstrap import N_BLOCKS
from mlops_platform.training.paired_difference import AVERAGE_PRECISION, user_blocks
from mlops_platform.training.platt_scaling import PlattScaling
from mlops_platform.training.review_cost import cheapest_threshold, savings
from mlops_platform.training.search import Candidate, Grid, Search
from mlops_platform.training.splits import TimeSplit
from mlops_platform.training.tuning import tune

GRIDS: Final[dict[str, dict[str, Grid]]] = {
    "quick": {
        "xgboost": {"n_estimators": [100], "learning_rate": [0.1], "max_depth": [4]},
        "random_forest": {"n_estimators": [20]},
    },
    "default": {
        # The point that the public benchmark measures.
        "xgboost": {"n_estimators": [300], "learning_rate": [0.05], "max_depth": [6]},
        "random_forest": {"n_estimators": [40]},
    },
}
# Where the model card's segments end, in the currency of the amounts.
AMOUNT_BOUNDS: Final = (20.0, 100.0)
SPACES: Final = model_named("fraud_detection").search_space


@dataclass(frozen=True)
class LabelledRows:
    """Feature rows of shape (n, n_features) with what is needed to learn and judge, each (n,)."""

    rows: NDArray[np.float32]
    is_fraud: NDArray[np.int64]
    amount: NDArray[np.float64]
    user: NDArray[np.int64]
    day: NDArray[np.int64]

    def metrics(self, score: NDArray[np.float32], threshold: float) -> dict[str, float]:
        """Return the metrics of scores of shape (n,)."""
        called = score >= np.float32(threshold)
        return {
            **fraud_metrics(score, self.is_fraud, self.user, self.day, threshold),
            "brier_score": float(brier_score_loss(self.is_fraud, score)),
            "savings": savings(called, self.is_fraud, self.amount),
        }

    def segments(self, score: NDArray[np.float32], threshold: float) -> dict[str, dict[str, float]]:
        """Return the metrics of parts of the rows, by amount, where frauds and others are known."""
        bounds = [0.0, *AMOUNT_BOUNDS, np.inf]
        parts = {
            f"amount {low:g} to {high:g}": (self.amount >= low) & (self.amount < high)
            for low, high in itertools.pairwise(bounds)
        }
        return {
            name: self.take(part).metrics(score[part], threshold)
            for name, part in parts.items()
            if 0 < self.is_fraud[part].sum() < part.sum()
        }

    def take(self, chosen: NDArray[np.bool_]) -> Self:
        """Return some of the rows, a mask of shape (n,)."""
        columns = {name: getattr(self, name)[chosen] for name in self.__dataclass_fields__}
        return type(self)(**columns)


@dataclass(frozen=True)
class Selection:
    """The chosen classifier, fitted on everything before the test window, and how it came to be."""

    classifier: FraudClassifier
    threshold: float
    candidates: list[Candidate]
    validation_metrics: dict[str, float]


def labelled_rows(
    dataset: FraudDataset,
    features: NDArray[np.float32],
    window: NDArray[np.bool_],
    known_before: int,
) -> LabelledRows:
    """Return a window's transactions whose labels were known before a moment (epoch seconds).

    Raises
    ------
    TrainingDataError
        They hold no fraud, or nothing else.
    """
    chosen = window & dataset.known_before(known_before)
    is_fraud = dataset.is_fraud[chosen]
    if not 0 < is_fraud.sum() < len(is_fraud):
        raise TrainingDataError(
            f"{int(is_fraud.sum())} of {len(is_fraud)} labelled transactions in one of the windows "
            "are fraud; both kinds are needed to learn and to judge. Add labels or older data."
        )
    return LabelledRows(
        rows=features[chosen],
        is_fraud=is_fraud,
        amount=dataset.amount_minor[chosen] / 100.0,
        user=dataset.user[chosen],
        day=dataset.timestamp[chosen] // DAY_SECONDS,
    )


def select_classifier(
    dataset: FraudDataset,
    features: NDArray[np.float32],
    split: TimeSplit,
    *,
    search: Search,
    random_state: int,
) -> Selection:
    """Fit every candidate at the start of the validation window, then the best one at the test's.

    Calibration and threshold come from the best one's scores of the validation window, which it
    had not learnt from.

    Parameters
    ----------
    dataset, features
        All transactions before `as_of` and their rows of shape (n, n_features).
    split
        The windows. A fit uses labels known at the start of the window that it is judged on.
    search
        How to search; see `tuning.tune`.
    random_state
        Seed of every fit.
    """
    at = dataset.timestamp
    train = labelled_rows(dataset, features, split.train(at), split.validation_start)
    validation = labelled_rows(dataset, features, split.validation(at), split.test_start)
    block = user_blocks(map(str, dataset.user_names), N_BLOCKS)[validation.user]
    answers = CandidateAnswers(validation.is_fraud, block, AVERAGE_PRECISION)

    def judge(algorithm: str, hyperparameters: dict[str, Any]) -> float:
        classifier = FraudClassifier(algorithm, hyperparameters, random_state)
        score = classifier.fit(train.rows, train.is_fraud).predict_proba(validation.rows)
        answers.keep(algorithm, hyperparameters, score)
        return validation.metrics(score, threshold=0.5)["average_precision"]

    candidates = tune(
        search, GRIDS, SPACES, AVERAGE_PRECISION.name, judge, random_state=random_state
    )
    candidates = answers.beside_best(candidates, random_state=random_state)
    best = candidates[0]
    score = answers.of(best)
    scaling = PlattScaling.fit(score, validation.is_fraud)
    score = scaling.apply(score)
    threshold = cheapest_threshold(score, validation.is_fraud, validation.amount)
    refit = labelled_rows(dataset, features, split.refit(at), split.test_start)
    classifier = FraudClassifier(best.algorithm, dict(best.hyperparameters), random_state)
    classifier.fit(refit.rows, refit.is_fraud).calibrate(scaling)
    metrics = validation.metrics(score, threshold)
    return Selection(classifier, threshold, candidates, metrics)
