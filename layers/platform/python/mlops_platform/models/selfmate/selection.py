"""Choose hyperparameters on validation wordings; fit again on all but the test's."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from mlops_platform.config.models import model_named
from mlops_platform.models.selfmate.dataset import UtteranceDataset
from mlops_platform.models.selfmate.head_fit import Encodings, Heads, fit_heads
from mlops_platform.models.selfmate.measuring import understood
from mlops_platform.training.candidate_answers import CandidateAnswers
from mlops_platform.training.paired_bootstrap import N_BLOCKS
from mlops_platform.training.paired_difference import ACCURACY, user_blocks
from mlops_platform.training.search import Candidate, Grid, Search
from mlops_platform.training.tuning import tune

HEADS: Final = "encoder_heads"
GRIDS: Final[dict[str, dict[str, Grid]]] = {
    "quick": {HEADS: {"alpha": [10.0], "max_false_rejection": [0.03]}},
    "default": {HEADS: {"alpha": [10.0], "max_false_rejection": [0.02, 0.05]}},
}
SPACES: Final = model_named("selfmate").search_space


@dataclass(frozen=True)
class Selection:
    """The chosen heads, fitted on everything but the test's wordings, and how they came to be."""

    heads: Heads
    hyperparameters: dict[str, Any]
    candidates: list[Candidate]
    validation_metrics: dict[str, float]


def select_heads(
    encodings: Encodings,
    dataset: UtteranceDataset,
    today: date,
    *,
    search: Search,
    random_state: int,
) -> Selection:
    """Fit every candidate on the training wordings, then the best one on validation's too.

    Parameters
    ----------
    encodings
        The frozen encoder's.
    dataset
        All utterances before `as_of`.
    today
        The day on which utterances are read.
    search
        How to search; see `tuning.tune`.
    random_state
        Seed of every fit.
    """
    train, validation = dataset.of("train"), dataset.of("validation")
    block = user_blocks(validation.speakers, N_BLOCKS)
    answers = CandidateAnswers(np.ones(len(validation), dtype=bool), block, ACCURACY)
    measured: dict[str, dict[str, float]] = {}

    def judge(algorithm: str, hyperparameters: dict[str, Any]) -> float:
        heads = fit_heads(encodings, train, **hyperparameters, random_state=random_state)
        read = understood(heads.on(encodings), validation, today)
        answers.keep(algorithm, hyperparameters, read.frames == read.true_frames)
        measured[repr(hyperparameters)] = read.metrics()
        return read.accuracy

    candidates = tune(search, GRIDS, SPACES, ACCURACY.name, judge, random_state=random_state)
    candidates = answers.beside_best(candidates, random_state=random_state)
    best = dict(candidates[0].hyperparameters)
    refit = dataset.of("train", "validation")
    heads = fit_heads(encodings, refit, **best, random_state=random_state)
    return Selection(heads, best, candidates, measured[repr(best)])
