"""Grid search on one time-ordered validation window."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

# Fits run outside Python's lock, on one core each.
N_PARALLEL_FITS: Final = 2
# How a job may be asked to search: a grid of that name, or Optuna from the default grid on.
DEFAULT: Final = "default"
OPTUNA: Final = "optuna"
SEARCHES: Final = (DEFAULT, "quick", OPTUNA)

Grid = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Point:
    """The one point that a job is to try.

    Parameters
    ----------
    algorithm
        Of a model's search space.
    hyperparameters
        Texts by name, as SageMaker hands them over; names of other things may be among them.
    """

    algorithm: str
    hyperparameters: Mapping[str, str]

    def __str__(self) -> str:
        return "point"


# One of `SEARCHES`, or a point.
Search = str | Point


@dataclass(frozen=True)
class Candidate:
    """One point of one algorithm's grid, and its metric's value on validation.

    `beside_best` is the `paired_interval` of its difference to the best candidate; None for that
    one itself, and where it cannot be told.
    """

    algorithm: str
    hyperparameters: Mapping[str, Any]
    metric: str
    score: float
    beside_best: Mapping[str, float] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the candidate as `evaluation.json` lists it."""
        described: dict[str, Any] = {
            "algorithm": self.algorithm,
            "hyperparameters": dict(self.hyperparameters),
            self.metric: self.score,
        }
        if self.beside_best is not None:
            described["beside_best"] = dict(self.beside_best)
        return described


def grid_points(grids: Mapping[str, Grid]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every algorithm with every combination of its grid.

    Examples
    --------
    >>> list(grid_points({"xgboost": {"max_depth": [4, 6]}, "random_forest": {}}))
    [('xgboost', {'max_depth': 4}), ('xgboost', {'max_depth': 6}), ('random_forest', {})]
    """
    for algorithm, grid in grids.items():
        for values in itertools.product(*grid.values()):
            yield algorithm, dict(zip(grid, values, strict=True))


def search_grid(
    grids: Mapping[str, Grid], metric: str, score: Callable[[str, dict[str, Any]], float]
) -> list[Candidate]:
    """Score every point, two at a time; return all candidates, the best first.

    Ties go to the earlier point, so the answer does not depend on which fit ends first.

    Parameters
    ----------
    grids
        Algorithm → hyperparameter → values.
    metric
        What is scored; higher is better.
    score
        Fits one point and returns its metric on validation.
    """
    points = list(grid_points(grids))
    with ThreadPoolExecutor(N_PARALLEL_FITS) as executor:
        scores = executor.map(lambda point: score(*point), points)
        candidates = [
            Candidate(*point, metric, score) for point, score in zip(points, scores, strict=True)
        ]
    return sorted(candidates, key=lambda candidate: -candidate.score)
