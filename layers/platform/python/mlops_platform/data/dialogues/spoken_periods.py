"""Periods as people say them, with the days that they mean."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from mlops_platform.data.dialogues.phrasings.phrasing_set import PhrasingSet

MONTHS: Final = calendar.month_name[1:]
WEEKDAYS: Final = calendar.day_name
_MAX_DAYS: Final = 90
_MAX_WEEKS: Final = 8
# How many months back a month is named.
_MONTHS_BACK: Final = 6


@dataclass(frozen=True)
class SpokenPeriod:
    """A period in words.

    Parameters
    ----------
    lead, text
        What stands before it in a sentence ("in "), and the words that mean it ("March").
    first, last
        Its days, both included.
    unit
        "day", "week" or "month" where the one before it can be spoken of, else empty.
    """

    lead: str
    text: str
    first: date
    last: date
    unit: str = ""


@dataclass(frozen=True)
class _Drawn:
    """A period's days, and what its words may mention."""

    first: date
    last: date
    unit: str = ""
    n: int = 0


def draw_period(
    random: np.random.Generator, today: date, phrasings: PhrasingSet, unit: str = ""
) -> SpokenPeriod:
    """Draw a period, of one unit if one is given, and a wording of it."""
    kinds = [kind for kind in phrasings.periods if not unit or _UNITS.get(kind) == unit]
    kind = kinds[random.integers(len(kinds))]
    drawn = KINDS[kind](random, today)
    forms = phrasings.periods[kind]
    lead, text = forms[random.integers(len(forms))]
    words = text.format(
        month=MONTHS[drawn.first.month - 1],
        year=drawn.first.year,
        weekday=WEEKDAYS[drawn.first.weekday()],
        n=drawn.n,
    )
    return SpokenPeriod(lead, words, drawn.first, drawn.last, drawn.unit)


def before(period: SpokenPeriod, text: str) -> SpokenPeriod:
    """Return the period before one that has a unit, in the given words."""
    last = period.first - timedelta(days=1)
    n_days = {"day": 1, "week": 7, "month": last.day}[period.unit]
    return SpokenPeriod("", text, last - timedelta(days=n_days - 1), last, period.unit)


def _month(day: date) -> _Drawn:
    n_days = calendar.monthrange(day.year, day.month)[1]
    return _Drawn(day.replace(day=1), day.replace(day=n_days), "month")


def _months_ago(today: date, n: int) -> _Drawn:
    month = today.year * 12 + today.month - 1 - n
    return _month(date(month // 12, month % 12 + 1, 1))


def _week(day: date) -> _Drawn:
    monday = day - timedelta(days=day.weekday())
    return _Drawn(monday, monday + timedelta(days=6), "week")


def _day(day: date) -> _Drawn:
    return _Drawn(day, day, "day")


def _last_days(random: np.random.Generator, today: date) -> _Drawn:
    n = int(random.integers(2, _MAX_DAYS))
    return _Drawn(today - timedelta(days=n - 1), today, n=n)


def _last_weeks(random: np.random.Generator, today: date) -> _Drawn:
    n = int(random.integers(2, _MAX_WEEKS))
    return _Drawn(today - timedelta(days=7 * n - 1), today, n=n)


# A period's kind → how it is drawn.
KINDS: Final[dict[str, Callable[[np.random.Generator, date], _Drawn]]] = {
    "this_month": lambda _, today: _month(today),
    "last_month": lambda _, today: _months_ago(today, 1),
    "this_week": lambda _, today: _week(today),
    "last_week": lambda _, today: _week(today - timedelta(days=7)),
    "today": lambda _, today: _day(today),
    "yesterday": lambda _, today: _day(today - timedelta(days=1)),
    "month": lambda random, today: _months_ago(today, int(random.integers(1, _MONTHS_BACK))),
    "month_year": lambda random, today: _months_ago(today, int(random.integers(1, _MONTHS_BACK))),
    "days": _last_days,
    "weeks": _last_weeks,
    "since": lambda random, today: _Drawn(
        _months_ago(today, int(random.integers(1, _MONTHS_BACK))).first, today
    ),
    "weekday": lambda random, today: _day(today - timedelta(days=int(random.integers(1, 7)))),
    "this_year": lambda _, today: _Drawn(date(today.year, 1, 1), date(today.year, 12, 31)),
}
_UNITS: Final = {
    "this_month": "month",
    "last_month": "month",
    "month": "month",
    "month_year": "month",
    "this_week": "week",
    "last_week": "week",
    "today": "day",
    "yesterday": "day",
    "weekday": "day",
}
