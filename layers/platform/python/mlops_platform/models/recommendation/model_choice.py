"""Choose recommendation's algorithm on validation and fit it again on all before the test."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.errors import TrainingDataError
from mlops_platform.models.recommendation.candidates import GRIDS, SPACES, allowed, fit_candidate
from mlops_platform.models.recommendation.dataset import Choices, RecommendationDataset
from mlops_platform.models.recommendation.fit_rows import FitRows
from mlops_platform.models.recommendation.linear_form import LinearForm
from mlops_platform.models.recommendation.signature import LIST_LENGTH, MAX_LIST_LENGTH
from mlops_platform.models.recommendation.temperature import fit_factor
from mlops_platform.training.candidate_answers import CandidateAnswers
from mlops_platform.training.paired_bootstrap import N_BLOCKS
from mlops_platform.training.paired_difference import ACCURACY, user_blocks
from mlops_platform.training.ranking_metrics import RankedHits, top_items
from mlops_platform.training.search import Candidate, Search
from mlops_platform.training.splits import TimeSplit
from mlops_platform.training.tuning import tune

# Scores held at one time; where there are more, the newest choices judge.
_MAX_SCORES: Final = 20_000_000


@dataclass(frozen=True)
class ModelChoice:
    """The chosen algorithm, fitted on everything before the test window, and how it came to be."""

    algorithm: str
    form: LinearForm
    hyperparameters: dict[str, Any]
    candidates: list[Candidate]
    validation_metrics: dict[str, float]


def choose_model(
    dataset: RecommendationDataset, split: TimeSplit, *, search: Search, random_state: int
) -> ModelChoice:
    """Fit every candidate at the start of the validation window, then the best one at the test's.

    Its scores are scaled to probabilities on validation, by what it said when it had not seen that.

    Parameters
    ----------
    dataset
        All take-ups before `as_of`.
    split
        The windows.
    search
        How to search; see `tuning.tune`.
    random_state
        Seed of every fit.

    Raises
    ------
    TrainingDataError
        Nothing was taken up in the validation window, or before it.
    """
    rows = FitRows(dataset, split.train_end)
    validation = judged(dataset, split.validation(dataset.timestamp))
    if not len(rows.item):
        raise TrainingDataError(
            "Nothing was taken up before the validation window; add older data."
        )
    block = user_blocks(dataset.user_ids[dataset.user[validation.row]], N_BLOCKS)
    answers = CandidateAnswers(np.ones(len(validation), dtype=bool), block, ACCURACY)
    measured: dict[str, dict[str, float]] = {}

    def judge(algorithm: str, hyperparameters: dict[str, Any]) -> float:
        form = fit_candidate(algorithm, hyperparameters, rows, random_state)
        lists = ranked(form, validation)
        answers.keep(algorithm, hyperparameters, hits(lists, validation))
        metrics = ranking_metrics(lists, validation.item)
        measured[repr((algorithm, hyperparameters))] = metrics
        return metrics["accuracy"]

    candidates = tune(
        search,
        {name: allowed(grid, dataset.n_items) for name, grid in GRIDS.items()},
        allowed(SPACES, dataset.n_items),
        ACCURACY.name,
        judge,
        random_state=random_state,
    )
    candidates = answers.beside_best(candidates, random_state=random_state)
    algorithm, best = candidates[0].algorithm, dict(candidates[0].hyperparameters)
    first = fit_candidate(algorithm, best, rows, random_state)
    factor = fit_factor(
        first.scores(validation.places, validation.columns), validation.places, validation.item
    )
    refit = FitRows(dataset, split.validation_end)
    return ModelChoice(
        algorithm=algorithm,
        form=fit_candidate(algorithm, best, refit, random_state).scaled(factor),
        hyperparameters={"algorithm": algorithm, **best},
        candidates=candidates,
        validation_metrics=measured[repr((algorithm, best))],
    )


def judged(dataset: RecommendationDataset, window: NDArray[np.bool_]) -> Choices:
    """Return the choices of a window on which models are judged.

    Raises
    ------
    TrainingDataError
        There are none.
    """
    newest = np.flatnonzero(window)[-max(1, _MAX_SCORES // dataset.n_items) :]
    if not len(newest):
        raise TrainingDataError(
            "Nothing was taken up in one of the windows on which models are judged; add newer "
            "interactions, or train as of an earlier moment."
        )
    return dataset.choices(newest)


def ranked(form: LinearForm, choices: Choices) -> NDArray[np.int64]:
    """Return the best items that are not owned, of shape (n, MAX_LIST_LENGTH) at the most."""
    scores = form.scores(choices.places, choices.columns)
    return top_items(scores, choices.places, MAX_LIST_LENGTH)


def hits(lists: NDArray[np.int64], choices: Choices) -> NDArray[np.bool_]:
    """Return whether each list of `LIST_LENGTH` held what was taken up, of shape (n,)."""
    return np.asarray((lists[:, :LIST_LENGTH] == choices.item[:, None]).any(axis=1))


def ranking_metrics(best: NDArray[np.int64], item: NDArray[np.int64]) -> dict[str, float]:
    """Return how well ranked items hold the one that was taken up.

    ``accuracy`` is the hit rate at `LIST_LENGTH`, the length of an answer's list: how often what a
    user took up next is among the items that a request right before would have been answered with.

    Parameters
    ----------
    best : of shape (n, n_places)
        Item numbers, best first; -1 where there was none to offer.
    item : of shape (n,)
        What was taken up.
    """
    hits = RankedHits(best == item[:, None], np.ones(len(item), dtype=np.int64))
    return {
        "accuracy": hits.hit_rate(LIST_LENGTH),
        "hr_10": hits.hit_rate(10),
        "recall_20": hits.recall(20),
        "ndcg_10": hits.ndcg(10),
    }
