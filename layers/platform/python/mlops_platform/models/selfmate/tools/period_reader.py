"""Which days a phrase such as "last month" or "since March" means."""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from mlops_platform.models.selfmate.tools.period import Period, Unit, months_later, of_unit

_DAYS_A_WEEK: Final = 7
_MONTHS: Final = {name.lower(): n for n, name in enumerate(calendar.month_name) if name} | {
    name.lower(): n for n, name in enumerate(calendar.month_abbr) if name
}
_MONTHS["sept"] = 9
_WEEKDAYS: Final = {name.lower(): n for n, name in enumerate(calendar.day_name)}
_NUMBERS: Final = {
    word: n
    for n, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(),  # noqa: SIM905
        start=1,
    )
}
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_NUMBER: Final = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS)})"
_UNIT: Final = r"(?P<unit>day|week|month|year)s?"

Reader = Callable[[re.Match[str], date, Period | None], Period]


def read_period(text: str, today: date, earlier: Period | None = None) -> Period | None:
    """Return the period that a phrase means, None if it means none.

    Parameters
    ----------
    text
        The phrase.
    today
        The day on which it is said.
    earlier
        The period that was spoken of last, which "the month before" leans on.

    Examples
    --------
    >>> today = date(2025, 5, 14)
    >>> read_period("the past 7 days", today).text
    'from 8 May 2025 to 14 May 2025'
    >>> read_period("the month before", today, Period.month(date(2025, 3, 1))).text
    'in February 2025'
    """
    for pattern, reader in _READERS:
        found = re.search(rf"\b(?:{pattern})\b", text.lower())
        if found:
            try:
                return reader(found, today, earlier)
            except (ValueError, OverflowError):
                # The 31st of June, or a year that no calendar has.
                return None
    return None


def period_spans(text: str) -> list[tuple[int, int]]:
    """Return where a text speaks of periods: first and past-the-last characters, in their order.

    Examples
    --------
    >>> period_spans("Did I spend more in May than last month?")
    [(20, 23), (29, 39)]
    """
    spans: list[tuple[int, int]] = []
    for pattern, _ in _READERS:
        for found in re.finditer(rf"\b(?:{pattern})\b", text.lower()):
            start, end = found.span()
            if all(end <= other_start or start >= other_end for other_start, other_end in spans):
                spans.append((start, end))
    return sorted(spans)


def _before(found: re.Match[str], today: date, earlier: Period | None) -> Period:
    unit = _unit(found["unit"])
    here = earlier or of_unit(unit or "month", today)
    if unit is None or unit == here.unit:
        return here.before()
    return of_unit(unit, here.first).before()


def _unit(word: str | None) -> Unit | None:
    units: dict[str, Unit] = {"day": "days", "week": "week", "month": "month", "year": "year"}
    return units[word] if word else None


def _current(found: re.Match[str], today: date, _: Period | None) -> Period:
    return of_unit(_unit(found["unit"]) or "days", today)


def _last(found: re.Match[str], today: date, _: Period | None) -> Period:
    return of_unit(_unit(found["unit"]) or "days", today).before()


def _last_many(found: re.Match[str], today: date, _: Period | None) -> Period:
    """So many days that end today."""
    word = found.groupdict().get("n", "one")
    n = _NUMBERS.get(word) or int(word)
    if found["unit"] in {"day", "week"}:
        n_days = n * (_DAYS_A_WEEK if found["unit"] == "week" else 1)
        return Period(today - timedelta(days=n_days - 1), today)
    n_months = n * (12 if found["unit"] == "year" else 1)
    return Period(months_later(today, -n_months) + timedelta(days=1), today)


def _month(found: re.Match[str], today: date, _: Period | None) -> Period:
    """Return the month of a year that is named, or else the latest that has begun."""
    number, year = _MONTHS[found["month"]], found.groupdict().get("year")
    latest = today.year - (number > today.month)
    return Period.month(date(int(year) if year else latest, number, 1))


def _since(found: re.Match[str], today: date, earlier: Period | None) -> Period:
    return Period(_month(found, today, earlier).first, today)


def _day_of_month(found: re.Match[str], today: date, earlier: Period | None) -> Period:
    month = _month(found, today, earlier).first
    return Period.day(month.replace(day=int(found["day"])))


def _weekday(found: re.Match[str], today: date, _: Period | None) -> Period:
    """Return the latest such day before today."""
    ago = (today.weekday() - _WEEKDAYS[found["weekday"]] - 1) % _DAYS_A_WEEK + 1
    return Period.day(today - timedelta(days=ago))


_YEAR: Final = r"(?:,? (?:of )?(?P<year>20\d\d))?"
# The first pattern that a phrase holds decides.
_READERS: Final[tuple[tuple[str, Reader], ...]] = (
    (
        r"(?:the |one )?(?:(?P<unit>day|week|month|year) )?(?:before|prior|earlier)(?: that)?",
        _before,
    ),
    (r"(?:the )?(?:previous|preceding)(?: (?P<unit>day|week|month|year))?", _before),
    (r"yesterday", lambda _, today, __: Period.day(today - timedelta(days=1))),
    (r"today", lambda _, today, __: Period.day(today)),
    (rf"(?:last|past) {_NUMBER} {_UNIT}", _last_many),
    (r"(?:this|current) (?P<unit>week|month|year)", _current),
    (rf"past {_UNIT}", _last_many),
    (r"last (?:full |whole |calendar )?(?P<unit>week|month|year)", _last),
    (rf"(?:since|beginning|start)(?: \w+)*? {_MONTH}{_YEAR}", _since),
    (rf"{_MONTH} on(?:wards?)?", _since),
    (rf"(?P<day>\d{{1,2}})(?:[a-z]{{2}})?(?: of)? {_MONTH}{_YEAR}", _day_of_month),
    (rf"{_MONTH} (?P<day>\d{{1,2}})(?:[a-z]{{2}})?{_YEAR}", _day_of_month),
    (rf"{_MONTH}{_YEAR}", _month),
    (rf"(?P<weekday>{'|'.join(_WEEKDAYS)})", _weekday),
    (r"(?P<year>20\d\d)", lambda found, _, __: Period.year(date(int(found["year"]), 1, 1))),
)
