"""What a day's distance from a reference must be, by simulation and closed form."""

from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from mlops_platform.decisions.day_statistics import Calendar, excess

FIRST = date(2025, 1, 6)
EDGES = np.linspace(-3, 3, 31)


def days(n: int, start: int = 0) -> tuple[date, ...]:
    return tuple(FIRST + timedelta(days=start + i) for i in range(n))


def counted(values: NDArray[np.float64], n_missing: int = 0) -> NDArray[np.int64]:
    """Return counts below, within and above the edges, and of nulls."""
    code = np.searchsorted(EDGES, values)
    return np.append(np.bincount(code, minlength=len(EDGES) + 1), n_missing)


def normal_days(seed: int, means: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    random = np.random.default_rng(seed)
    return np.array([counted(random.normal(mean, 1, n)) for mean in means])


def judged(seed: int, means: NDArray[np.float64], n: int = 500) -> tuple[float, int]:
    """Return the location's t and degrees of freedom of the day after 28."""
    table = normal_days(seed, means, n)
    calendar = Calendar.of(days(28), days(1, 28))
    measured = excess(table[:28], table[28:29], calendar)
    return float(measured.statistic[0, 0]), int(measured.degrees_of_freedom[0])


def test_days_that_differ_by_more_than_sampling_are_not_drift() -> None:
    random = np.random.default_rng(0)
    found = [judged(seed, random.normal(0, 0.3, 29)) for seed in range(400)]
    p_values = [2 * stats.t.sf(abs(t), dof) for t, dof in found]

    assert np.mean(np.array(p_values) < 0.05) < 0.08


def test_days_that_hang_together_prove_little() -> None:
    random = np.random.default_rng(1)
    walks = [np.cumsum(random.normal(0, 0.05, 29)) for _ in range(400)]
    found = [judged(seed, walk) for seed, walk in enumerate(walks)]

    assert np.median([dof for _, dof in found]) <= 3
    assert np.mean([2 * stats.t.sf(abs(t), dof) < 0.001 for t, dof in found]) < 0.01


def test_a_weekly_cycle_is_expected_on_its_weekday_and_a_wonder_on_another() -> None:
    cycle = np.where(np.arange(28) % 7 >= 5, 1.0, 0.0)
    table = normal_days(2, np.append(cycle, [0.0, 1.0]), 500)
    reference, usual, weekend_like = table[:28], table[28:29], table[29:30]

    monday = Calendar.of(days(28), days(1, 28))
    assert abs(excess(reference, usual, monday).statistic[0, 0]) < 4
    assert excess(reference, weekend_like, monday).statistic[0, 0] > 10


def test_location_is_cliffs_delta() -> None:
    random = np.random.default_rng(3)
    reference = np.array([counted(random.normal(0, 1, 4_000)) for _ in range(14)])
    day = counted(random.normal(0.5, 1, 4_000))[None]

    measured = excess(reference, day, Calendar.of(days(14), days(1, 14)))

    # For normals P(X > Y) - P(X < Y) is 2 Φ(shift / √2) - 1.
    expected = 2 * stats.norm.cdf(0.5 / np.sqrt(2)) - 1
    assert measured.effect[0, 0] == pytest.approx(expected, abs=0.03)


def test_values_that_move_outwards_spread_and_lost_ones_are_missing() -> None:
    random = np.random.default_rng(4)
    reference = np.array([counted(random.normal(0, 1, 2_000)) for _ in range(21)])
    wide = counted(random.normal(0, 2, 1_500), n_missing=500)[None]

    measured = excess(reference, wide, Calendar.of(days(21), days(1, 21)))

    assert abs(measured.effect[0, 0]) < 0.05
    assert measured.effect[0, 1] > 0.2
    assert measured.effect[0, 2] == pytest.approx(0.25)
    assert measured.statistic[0, 2] > 100


def test_a_single_null_where_there_was_none_is_no_wonder() -> None:
    random = np.random.default_rng(5)
    reference = np.array([counted(random.normal(0, 1, 500)) for _ in range(21)])
    day = counted(random.normal(0, 1, 500), n_missing=1)[None]

    assert excess(reference, day, Calendar.of(days(21), days(1, 21))).statistic[0, 2] < 2


def test_a_small_day_is_given_the_uncertainty_of_its_size() -> None:
    random = np.random.default_rng(6)
    table = np.array([counted(random.normal(0, 1, 4_000)) for _ in range(28)])
    calendar = Calendar.of(days(28), days(1, 28))
    wrong = []
    for _ in range(300):
        small = excess(table, counted(random.normal(0, 1, 50))[None], calendar)
        wrong.append(abs(small.statistic[0, 0]) > stats.t.isf(0.025, 21))

    assert np.mean(wrong) < 0.09
