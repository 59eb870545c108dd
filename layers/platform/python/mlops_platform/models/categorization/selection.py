"""Choose categorization's classifier on validation and fit it again on all before the test."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.config.models import model_named
from mlops_platform.errors import TrainingDataError
from mlops_platform.models.categorization.dataset import CategorizationDataset
from mlops_platform.models.categorization.estimator import TransactionClassifier
from mlops_platform.models.categorization.features import Transaction, hashed_rows
from mlops_platform.models.categorization.hashed_rows import HashedRows
from mlops_platform.training.candidate_answers import CandidateAnswers
from mlops_platform.training.classification_metrics import quality
from mlops_platform.training.paired_bootstrap import N_BLOCKS
from mlops_platform.training.paired_difference import ACCURACY, user_blocks
from mlops_platform.training.search import Candidate, Grid, Search
from mlops_platform.training.splits import TimeSplit
from mlops_platform.training.tuning import tune

LINEAR: Final = "linear"
GRIDS: Final[dict[str, dict[str, Grid]]] = {
    "quick": {LINEAR: {"penalty": [0.15]}},
    # Around the point that the public benchmark measures.
    "default": {LINEAR: {"penalty": [0.05, 0.15, 0.5]}},
}
SPACES: Final = model_named("categorization").search_space


@dataclass(frozen=True)
class LabelledRows:
    """Labelled transactions of one window: positions in the dataset, inputs and categories."""

    position: NDArray[np.int64]
    transactions: list[Transaction]
    rows: HashedRows
    category: NDArray[np.str_]


@dataclass(frozen=True)
class Selection:
    """The chosen classifier, fitted on everything before the test window, and how it came to be."""

    classifier: TransactionClassifier
    hyperparameters: dict[str, Any]
    candidates: list[Candidate]
    validation_metrics: dict[str, float]


def labelled_rows(
    dataset: CategorizationDataset, window: NDArray[np.bool_], known_before: int
) -> LabelledRows:
    """Return a window's transactions whose labels were known before a moment (epoch seconds).

    Raises
    ------
    TrainingDataError
        There are none of two categories.
    """
    position = dataset.labelled(window, known_before)
    category = dataset.category[position]
    if len(np.unique(category)) < 2:  # noqa: PLR2004 - one is nothing to tell apart
        raise TrainingDataError(
            f"The {len(position)} labelled transactions in one of the windows are not of two "
            "categories; they are needed to learn and to judge. Add labels or older data."
        )
    transactions = dataset.taken(position)
    return LabelledRows(position, transactions, hashed_rows(transactions), category)


def select_classifier(
    dataset: CategorizationDataset, split: TimeSplit, *, search: Search, random_state: int
) -> Selection:
    """Fit every candidate at the start of the validation window, then the best one at the test's.

    Parameters
    ----------
    dataset
        All transactions before `as_of`.
    split
        The windows. A fit uses labels known at the start of the window that it is judged on.
    search
        How to search; see `tuning.tune`.
    random_state
        Seed of every fit.
    """
    at = dataset.timestamp
    train = labelled_rows(dataset, split.train(at), split.validation_start)
    validation = labelled_rows(dataset, split.validation(at), split.test_start)
    block = user_blocks((dataset.user(row) for row in validation.position), N_BLOCKS)
    answers = CandidateAnswers(validation.category, block, ACCURACY)

    def judge(algorithm: str, hyperparameters: dict[str, Any]) -> float:
        classifier = TransactionClassifier(**hyperparameters, random_state=random_state)
        predicted = classifier.fit(train.rows, train.category).predict(validation.rows)
        answers.keep(algorithm, hyperparameters, predicted)
        return quality(validation.category, predicted)["accuracy"]

    candidates = tune(search, GRIDS, SPACES, ACCURACY.name, judge, random_state=random_state)
    candidates = answers.beside_best(candidates, random_state=random_state)
    best = dict(candidates[0].hyperparameters)
    refit = labelled_rows(dataset, split.refit(at), split.test_start)
    classifier = TransactionClassifier(**best, random_state=random_state)
    classifier.fit(refit.rows, refit.category)
    metrics = quality(validation.category, answers.of(candidates[0]))
    return Selection(classifier, best, candidates, metrics)
