"""A search finds what is best, tries the same again, and never does worse than the grid."""

import math
from typing import Any

import pytest

from mlops_platform.config.search_space import Range
from mlops_platform.errors import ConfigurationError
from mlops_platform.training.optuna_search import N_TRIALS
from mlops_platform.training.search import Point
from mlops_platform.training.tuning import tune

GRIDS = {
    "default": {"slow": {"x": [0.0, 1.0]}, "fast": {"x": [5.0]}},
    "quick": {"fast": {"x": [5.0]}},
}
SPACES = {
    "slow": {"x": Range(-10.0, 10.0), "n": Range(1, 64, log=True)},
    "fast": {"x": Range(-10.0, 10.0)},
}


def score(algorithm: str, given: dict[str, Any]) -> float:
    """Best of all, 0, is ``slow`` at x = 3 and n = 8."""
    handicap = {"slow": 0.0, "fast": 5.0}[algorithm]
    missed = abs(given["x"] - 3.0) + abs(math.log2(given.get("n", 8)) - 3.0)
    return -float(missed) - handicap


@pytest.mark.parametrize(("search", "n_points"), [("quick", 1), ("default", 3)])
def test_a_grid_is_tried_whole(search: str, n_points: int) -> None:
    tried = tune(search, GRIDS, SPACES, "accuracy", score, random_state=0)

    assert len(tried) == n_points
    assert tried[0].score == max(candidate.score for candidate in tried)


def test_optuna_goes_on_from_the_grid_and_finds_better() -> None:
    grid = tune("default", GRIDS, SPACES, "accuracy", score, random_state=0)

    tried = tune("optuna", GRIDS, SPACES, "accuracy", score, random_state=0)

    assert len(tried) == len(grid) + N_TRIALS
    assert [c.score for c in tried] == sorted((c.score for c in tried), reverse=True)
    assert tried[0].score > grid[0].score
    assert set(tried[0].hyperparameters) == {"x", "n"}


def test_the_same_seed_tries_the_same_points() -> None:
    one, two, other = (
        tune("optuna", GRIDS, SPACES, "accuracy", score, random_state=seed) for seed in (1, 1, 2)
    )

    assert one == two
    assert one != other


def test_every_point_lies_in_its_range_and_whole_numbers_stay_whole() -> None:
    for candidate in tune("optuna", GRIDS, SPACES, "accuracy", score, random_state=3):
        assert -10.0 <= candidate.hyperparameters["x"] <= 10.0
        n = candidate.hyperparameters.get("n", 1)
        assert isinstance(n, int)
        assert 1 <= n <= 64


def test_a_grid_that_nothing_beats_stays_the_answer() -> None:
    def only_the_grid(_algorithm: str, given: dict[str, Any]) -> float:
        return 1.0 if given == {"x": 5.0} else 0.0

    tried = tune("optuna", GRIDS, SPACES, "accuracy", only_the_grid, random_state=0)

    assert (tried[0].algorithm, tried[0].hyperparameters) == ("fast", {"x": 5.0})


def test_a_point_is_tried_alone_and_its_score_logged(caplog: pytest.LogCaptureFixture) -> None:
    point = Point("slow", {"x": "2.5", "n": "8", "as_of": "2026-03-01T00:00:00Z"})

    with caplog.at_level("INFO"):
        (tried,) = tune(point, GRIDS, SPACES, "accuracy", score, random_state=0)

    assert (tried.algorithm, tried.hyperparameters) == ("slow", {"x": 2.5, "n": 8})
    assert tried.score == -0.5
    assert "validation_score=-0.500000" in caplog.messages


@pytest.mark.parametrize(
    ("algorithm", "values", "problem"),
    [
        ("other", {}, "'other' is not searched"),
        ("slow", {"x": "1.0"}, "lacks n"),
        ("slow", {"x": "1.0", "n": "eight"}, "eight"),
    ],
)
def test_a_point_outside_the_search_space_is_refused(
    algorithm: str, values: dict[str, str], problem: str
) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        tune(Point(algorithm, values), GRIDS, SPACES, "accuracy", score, random_state=0)
