"""One reading of a moment, the same wherever it is written."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.features.clock import parse_instant
from mlops_platform.moments import as_utc, parse_moment


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_what_is_written_with_an_offset_is_the_same_moment(moment: datetime) -> None:
    assert parse_moment(moment.isoformat()) == moment
    assert parse_moment(moment.isoformat()).tzinfo is UTC


@given(st.datetimes())
def test_without_an_offset_it_is_utc(moment: datetime) -> None:
    assert parse_moment(moment.isoformat()) == as_utc(moment) == moment.replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"])
def test_a_moment_that_utc_cannot_count_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        parse_moment(text)


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("1970-01-01T00:00:01.999Z", 1),
        ("1969-12-31T23:59:59.001Z", -1),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-02", 86_400),
    ],
)
def test_features_count_whole_seconds_before_the_moment(text: str, second: int) -> None:
    assert parse_instant(text) == second
