"""Which points of a search are tried, as a job's ``search`` says."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from mlops_platform.config.search_space import OBJECTIVE, Spaces
from mlops_platform.errors import ConfigurationError
from mlops_platform.training.optuna_search import search_optuna
from mlops_platform.training.search import (
    DEFAULT,
    OPTUNA,
    Candidate,
    Grid,
    Point,
    Search,
    search_grid,
)

logger = logging.getLogger(__name__)


def tune(
    search: Search,
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
        Optuna; or a point of `spaces`, of which SageMaker, which chose it, reads the score in the
        log.
    grids
        By name.
    spaces
        What Optuna searches, and points are of.
    metric
        What is scored; higher is better.
    score
        Fits one point and returns its metric on validation.
    random_state
        Seed of Optuna's sampler.

    Raises
    ------
    ConfigurationError
        The point is not of `spaces`.
    """
    if isinstance(search, Point):
        tried = search_grid(_grid_of(search, spaces), metric, score)
        logger.info("%s=%.6f", OBJECTIVE, tried[0].score)
        return tried
    if search != OPTUNA:
        return search_grid(grids[search], metric, score)
    gridded = search_grid(grids[DEFAULT], metric, score)
    searched = search_optuna(spaces, gridded[0], score, random_state=random_state)
    return sorted([*searched, *gridded[1:]], key=lambda candidate: -candidate.score)


def _grid_of(point: Point, spaces: Spaces) -> dict[str, Grid]:
    """Return the grid that holds a point alone."""
    if point.algorithm not in spaces:
        raise ConfigurationError(
            f"{point.algorithm!r} is not searched on this data; give one of {', '.join(spaces)}."
        )
    space = spaces[point.algorithm]
    missing = sorted(set(space) - set(point.hyperparameters))
    if missing:
        raise ConfigurationError(f"The point of {point.algorithm} lacks {', '.join(missing)}.")
    try:
        values = {name: [each.parse(point.hyperparameters[name])] for name, each in space.items()}
    except ValueError as error:
        raise ConfigurationError(f"The point of {point.algorithm}: {error}.") from error
    return {point.algorithm: values}
