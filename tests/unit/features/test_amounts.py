import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.features.amount_arrays import to_minor_array
from mlops_platform.features.amounts import to_minor

AMOUNTS = st.floats(min_value=0.0, allow_infinity=False) | st.floats(0, 2_000, width=32)


@given(amount=AMOUNTS)
def test_one_amount_and_a_column_of_them_are_the_same_minor_units(amount: float) -> None:
    with np.errstate(over="ignore"):
        column = to_minor_array(np.array([amount]))

    assert column.tolist() == [to_minor(amount)]


def test_a_half_goes_to_the_even_unit_and_a_fortune_is_capped() -> None:
    assert [to_minor(a) for a in (0.005, 0.015, 12.34, 100_000, 100_001, 1e308)] == [
        0,
        2,
        1_234,
        10_000_000,
        10_000_000,
        10_000_000,
    ]
