"""What people call periods, against the calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.models.selfmate.tools.period import Period, months_later
from mlops_platform.models.selfmate.tools.period_reader import period_spans, read_period

WEDNESDAY = date(2025, 5, 14)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2025-05-14", "2025-05-14"),
        ("yesterday", "2025-05-13", "2025-05-13"),
        ("this week", "2025-05-12", "2025-05-18"),
        ("last week", "2025-05-05", "2025-05-11"),
        ("this month", "2025-05-01", "2025-05-31"),
        ("last month", "2025-04-01", "2025-04-30"),
        ("this year", "2025-01-01", "2025-12-31"),
        ("last year", "2024-01-01", "2024-12-31"),
        ("last 30 days", "2025-04-15", "2025-05-14"),
        ("past two weeks", "2025-05-01", "2025-05-14"),
        ("last 3 months", "2025-02-15", "2025-05-14"),
        ("past week", "2025-05-08", "2025-05-14"),
        ("March", "2025-03-01", "2025-03-31"),
        ("in Sept", "2024-09-01", "2024-09-30"),
        ("February 2024", "2024-02-01", "2024-02-29"),
        ("since March", "2025-03-01", "2025-05-14"),
        ("since the start of November", "2024-11-01", "2025-05-14"),
        ("3rd of March", "2025-03-03", "2025-03-03"),
        ("March 3", "2025-03-03", "2025-03-03"),
        ("Wednesday", "2025-05-07", "2025-05-07"),
        ("last Tuesday", "2025-05-13", "2025-05-13"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("the month before", "2025-04-01", "2025-04-30"),
    ],
)
def test_a_phrase_means_its_days(text: str, first: str, last: str) -> None:
    period = read_period(text, WEDNESDAY)

    assert period is not None
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("earlier", "text", "first", "last"),
    [
        (Period.month(date(2025, 1, 5)), "the month before", "2024-12-01", "2024-12-31"),
        (Period.week(WEDNESDAY), "the week before that", "2025-05-05", "2025-05-11"),
        (Period.day(date(2025, 3, 1)), "the previous day", "2025-02-28", "2025-02-28"),
        (Period.week(date(2025, 5, 1)), "the previous month", "2025-03-01", "2025-03-31"),
        (Period(date(2025, 5, 5), date(2025, 5, 14)), "before that", "2025-04-25", "2025-05-04"),
    ],
)
def test_what_lies_before_leans_on_the_period_before(
    earlier: Period, text: str, first: str, last: str
) -> None:
    period = read_period(text, WEDNESDAY, earlier)

    assert period is not None
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "a while", "31 June", "30 February 2025", "maybe"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text, WEDNESDAY) is None


def test_periods_are_found_in_a_sentence() -> None:
    text = "Did I spend more in March 2025 than in the last 30 days?"

    assert [text[start:end] for start, end in period_spans(text)] == ["March 2025", "last 30 days"]


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    read_period(text, WEDNESDAY)
    period_spans(text)


@given(st.dates(date(2000, 2, 1), date(2100, 1, 1)), st.sampled_from(["week", "month", "year"]))
def test_the_period_before_touches_its_successor(day: date, unit: str) -> None:
    period = {"week": Period.week, "month": Period.month, "year": Period.year}[unit](day)
    before = period.before()

    assert day in period
    assert (period.first - before.last).days == 1
    assert before.unit == period.unit
    assert Period.from_dict(period.to_dict()) == period


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-100, 100))
def test_months_later_keep_the_day_where_the_month_has_it(day: date, n: int) -> None:
    later = months_later(day, n)

    assert later.year * 12 + later.month == day.year * 12 + day.month + n
    assert later.day == day.day or (later.day < day.day and (later.month != 1))
