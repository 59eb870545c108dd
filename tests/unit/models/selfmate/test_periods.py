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
        ("so far this month", "2025-05-01", "2025-05-31"),
        ("year to date", "2025-01-01", "2025-05-14"),
        ("month-to-date", "2025-05-01", "2025-05-14"),
        ("the previous 74 days", "2025-03-02", "2025-05-14"),
        ("the last couple of weeks", "2025-05-01", "2025-05-14"),
        ("the last few days", "2025-05-12", "2025-05-14"),
        ("the past fortnight", "2025-05-01", "2025-05-14"),
        ("from March till now", "2025-03-01", "2025-05-14"),
        ("from March onwards", "2025-03-01", "2025-05-14"),
        ("since Monday", "2025-05-12", "2025-05-14"),
        ("since last month", "2025-04-01", "2025-05-14"),
        ("since the start of the year", "2025-01-01", "2025-05-14"),
        ("since 3 March", "2025-03-03", "2025-05-14"),
        ("between February and April", "2025-02-01", "2025-04-30"),
        ("from November to February", "2024-11-01", "2025-02-28"),
        ("from 3 March to 10 March", "2025-03-03", "2025-03-10"),
        ("three days ago", "2025-05-11", "2025-05-11"),
        ("a week ago", "2025-05-05", "2025-05-11"),
        ("two months ago", "2025-03-01", "2025-03-31"),
        ("a year ago", "2024-01-01", "2024-12-31"),
        ("the week before last", "2025-04-28", "2025-05-04"),
        ("the day before yesterday", "2025-05-12", "2025-05-12"),
        ("last night", "2025-05-13", "2025-05-13"),
        ("this morning", "2025-05-14", "2025-05-14"),
        ("over the weekend", "2025-05-10", "2025-05-11"),
        ("last weekend", "2025-05-10", "2025-05-11"),
        ("this weekend", "2025-05-17", "2025-05-18"),
        ("this quarter", "2025-04-01", "2025-06-30"),
        ("last quarter", "2025-01-01", "2025-03-31"),
        ("Q3 2024", "2024-07-01", "2024-09-30"),
        ("the first quarter", "2025-01-01", "2025-03-31"),
        ("over the summer", "2024-06-01", "2024-08-31"),
        ("last spring", "2024-03-01", "2024-05-31"),
        ("this spring", "2025-03-01", "2025-05-31"),
        ("last winter", "2024-12-01", "2025-02-28"),
        ("in the fall", "2024-09-01", "2024-11-30"),
        ("last March", "2025-03-01", "2025-03-31"),
        ("last May", "2024-05-01", "2024-05-31"),
        ("March last year", "2024-03-01", "2024-03-31"),
        ("the month of March", "2025-03-01", "2025-03-31"),
        ("the week of 3 March", "2025-03-03", "2025-03-09"),
        ("2025-03-04", "2025-03-04", "2025-03-04"),
        ("on the 3rd", "2025-05-03", "2025-05-03"),
        ("on the 20th", "2025-04-20", "2025-04-20"),
        ("this past Tuesday", "2025-05-13", "2025-05-13"),
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
        (Period.month(date(2025, 1, 5)), "the prior month", "2024-12-01", "2024-12-31"),
    ],
)
def test_what_lies_before_leans_on_the_period_before(
    earlier: Period, text: str, first: str, last: str
) -> None:
    period = read_period(text, WEDNESDAY, earlier)

    assert period is not None
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "a while", "31 June", "30 February 2025", "maybe", "may I ask", "since June 2030", "Q5"],
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text, WEDNESDAY) is None


def test_periods_are_found_in_a_sentence() -> None:
    text = "Did I spend more in March 2025 than in the last 30 days?"

    assert [text[start:end] for start, end in period_spans(text)] == ["March 2025", "last 30 days"]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("What did I spend between March and May?", ["between March and May"]),
        ("What is the difference between March and May?", ["March", "May"]),
        ("How did it change from March to May?", ["March", "May"]),
        ("Did prices fall? May I see weekend trips?", []),
    ],
)
def test_who_compares_two_periods_means_both_and_no_range(text: str, spans: list[str]) -> None:
    assert [text[start:end] for start, end in period_spans(text)] == spans


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
