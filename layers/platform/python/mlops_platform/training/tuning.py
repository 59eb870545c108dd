"""Which points of a search are tried, as a job's ``search`` says."""

from collections.abc import Callable, Mapping
from typing import Any

from mlops_platform.training.optuna_search import Spaces, search_optuna
from mlops_platform.training.search import DEFAULT, OPTUNA, Candidate, Grid, search_grid


def tune(
    search: str,
    grids: Mapping[str, Mapping[str, Grid]],
    spaces: Spaces,
    metric: str,
    score: Callable[[str, dict[str, Any]], float],
    *,
    random_state: int,
) -> list[Candidate]:
    """Return all points that were tried, the best first.

    Parameters
    ----------
    search
        One of `search.SEARCHES`: a grid of that name, or the default grid and then `spaces` by
        Optuna.
    grids
        By name.
    spaces
        What Optuna searches.
    metric
        What is scored; higher is better.
    score
        Fits one point and returns its metric on validation.
    random_state
        Seed of Optuna's sampler.
    """
    if search != OPTUNA:
        return search_grid(grids[search], metric, score)
    gridded = search_grid(grids[DEFAULT], metric, score)
    searched = search_optuna(spaces, gridded[0], score, random_state=random_state)
    return sorted([*searched, *gridded[1:]], key=lambda candidate: -candidate.score)
