import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlops_platform.decisions.student_t import central_probability, quantile

DEGREES = [1, 2, 3, 4, 5, 6, 7, 12, 29, 30, 100, 999]


@pytest.mark.parametrize("degrees", DEGREES)
@pytest.mark.parametrize("t", [0.0, 0.01, 0.7, 1.96, 5.0, 40.0])
def test_the_probability_is_scipys(t: float, degrees: int) -> None:
    expected = 1 - 2 * stats.t.sf(t, degrees)

    assert central_probability(t, degrees) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("degrees", DEGREES)
@pytest.mark.parametrize("probability", [0.005, 0.05, 0.5, 0.8, 0.975, 0.995, 0.9999])
def test_the_quantile_is_scipys(probability: float, degrees: int) -> None:
    expected = stats.t.ppf(probability, degrees)

    assert quantile(probability, degrees) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(st.floats(0.01, 0.99), st.integers(1, 200))
def test_the_quantile_is_odd_around_one_half(probability: float, degrees: int) -> None:
    assert quantile(probability, degrees) == pytest.approx(
        -quantile(1 - probability, degrees), rel=1e-6, abs=1e-9
    )


@pytest.mark.parametrize(
    ("probability", "degrees"), [(0.0, 5), (1.0, 5), (math.nan, 5), (0.975, 0)]
)
def test_what_has_no_quantile_is_refused(probability: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="degree of freedom"):
        quantile(probability, degrees)
