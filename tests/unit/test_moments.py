"""One reading of a moment, the same wherever it is written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.features.clock import parse_instant
from mlops_platform.moments import as_utc, parse_moment

# At either end a whole day is left for the offsets.
SECONDS = st.integers(-62_135_510_400, 253_402_214_400)
OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(SECONDS, OFFSETS)
def test_what_is_written_with_an_offset_is_the_same_moment(second: int, offset: timezone) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    written = moment.astimezone(offset).isoformat()

    assert parse_moment(written).isoformat() == moment.isoformat()
    assert parse_instant(written) == second


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
