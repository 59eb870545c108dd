import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.monitoring.interval_set import IntervalSet

number_sets = st.one_of(
    st.sets(st.integers(1, 60)), st.sets(st.integers(1, 2**60)), st.just(set(range(1, 500)))
)


def members(intervals: IntervalSet) -> set[int]:
    return {n for first, last in intervals.intervals for n in range(first, last + 1)}


@given(number_sets)
def test_it_holds_the_numbers_of_a_set(numbers: set[int]) -> None:
    intervals = IntervalSet.of([*numbers, *numbers])

    assert members(intervals) == numbers
    assert len(intervals) == len(numbers)
    assert intervals.highest == max(numbers, default=0)
    near = {n + step for n in numbers for step in (-1, 0, 1)}
    assert {n for n in near if n in intervals} == numbers


@given(number_sets, number_sets)
def test_a_union_is_that_of_sets_and_has_one_spelling(first: set[int], second: set[int]) -> None:
    assert IntervalSet.of(first).union(IntervalSet.of(second)) == IntervalSet.of(first | second)


@given(st.sets(st.integers(1, 60)), st.integers(0, 70))
def test_what_is_missing_is_the_difference_of_sets(numbers: set[int], up_to: int) -> None:
    missing = IntervalSet.of(numbers).missing(up_to)

    assert members(missing) == set(range(1, up_to + 1)) - numbers
    assert missing == IntervalSet.of(members(missing))


@given(number_sets)
def test_bytes_are_read_back(numbers: set[int]) -> None:
    intervals = IntervalSet.of(numbers)

    assert IntervalSet.from_bytes(intervals.to_bytes()) == intervals


def test_a_million_numbers_in_a_row_take_a_few_bytes() -> None:
    assert len(IntervalSet(((1, 1_000_000),)).to_bytes()) <= 6


@pytest.mark.parametrize("content", [b"", b"\x02", b"\x01\x01", b"\x01\x01\x80"])
def test_damaged_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"interval|number"):
        IntervalSet.from_bytes(content)


def test_numbers_begin_at_one() -> None:
    with pytest.raises(ValueError, match="from 1 on"):
        IntervalSet.of([0, 1])
