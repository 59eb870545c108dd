"""AWS's cron dialect: six fields, `?`, `L`, `W` and `#`.

References
----------
.. [1] Amazon EventBridge user guide, "Cron expressions reference".
"""

import calendar
import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator

_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
_FIELDS = 6
_LAST_YEAR = 2199
_SEARCH_DAYS = 366 * 9

DayTest = Callable[[dt.date], bool]


class CronError(ValueError):
    """The expression is not in AWS's dialect."""


@dataclasses.dataclass(frozen=True)
class Cron:
    """A parsed expression.

    Attributes
    ----------
    minutes, hours, months, years
        The values each field allows.
    is_day
        Whether a date is allowed by day of month or day of week, whichever is not `?`.
    """

    minutes: list[int]
    hours: list[int]
    months: set[int]
    years: set[int]
    is_day: DayTest

    def after(self, instant: dt.datetime) -> dt.datetime | None:
        """Return the first match later than `instant`, in its zone; None when there is none."""
        start = instant.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
        for day in self._days(start.date()):
            for hour in self.hours:
                for minute in self.minutes:
                    match = dt.datetime(
                        day.year, day.month, day.day, hour, minute, tzinfo=instant.tzinfo
                    )
                    if match >= start:
                        return match
        return None

    def _days(self, first: dt.date) -> Iterator[dt.date]:
        for count in range(_SEARCH_DAYS):
            day = first + dt.timedelta(days=count)
            if day.year in self.years and day.month in self.months and self.is_day(day):
                yield day


def parse(expression: str) -> Cron:
    """Parse the inside of `cron(…)`.

    Raises
    ------
    CronError
        When a field is malformed, or neither or both of the day fields are `?`.

    >>> now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    >>> parse("0 6 ? * MON-FRI *").after(now).isoformat()
    '2026-03-02T06:00:00+00:00'
    """
    fields = expression.split()
    if len(fields) != _FIELDS:
        raise CronError(f"'{expression}' has {len(fields)} fields; AWS's cron has {_FIELDS}.")
    minute, hour, day_of_month, month, day_of_week, year = (each.upper() for each in fields)
    if (day_of_month == "?") == (day_of_week == "?"):
        raise CronError(f"'{expression}': exactly one of day-of-month and day-of-week must be '?'.")
    is_day = _month_day(day_of_month) if day_of_week == "?" else _week_day(day_of_week)
    return Cron(
        minutes=sorted(_values(minute, 0, 59)),
        hours=sorted(_values(hour, 0, 23)),
        months=_values(month, 1, 12, _MONTHS),
        years=_values(year, 1970, _LAST_YEAR),
        is_day=is_day,
    )


def _values(field: str, low: int, high: int, names: dict[str, int] | None = None) -> set[int]:
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span == "*":
            start, end = low, high
        else:
            start = _number(first, names)
            end = _number(last, names) if dash else (high if step else start)
        if start < low or end > high:
            raise CronError(f"'{part}' is outside {low} to {high}.")
        wraps = range(start, high + 1) if start > end else range(start, end + 1)
        values.update(wraps[:: _number(step, None) if step else 1])
        if start > end:
            values.update(range(low, end + 1))
    return values


def _number(text: str, names: dict[str, int] | None) -> int:
    if names and text in names:
        return names[text]
    if not text.isdigit():
        raise CronError(f"'{text}' is not a number that this field knows.")
    return int(text)


def _days_in_month(day: dt.date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _month_day(field: str) -> DayTest:
    if field in {"L", "LW"}:
        if field == "L":
            return lambda day: day.day == _days_in_month(day)
        return lambda day: day.day == _nearest_weekday(day, _days_in_month(day))
    if from_end := re.fullmatch(r"L-(\d+)", field):
        return lambda day: day.day == _days_in_month(day) - int(from_end[1])
    if nearest := re.fullmatch(r"(\d+)W", field):
        return lambda day: day.day == _nearest_weekday(day, int(nearest[1]))
    days = _values(field, 1, 31)
    return lambda day: day.day in days


def _nearest_weekday(day: dt.date, wanted: int) -> int:
    last = _days_in_month(day)
    target = dt.date(day.year, day.month, min(wanted, last))
    if target.isoweekday() == 6:  # noqa: PLR2004 (Saturday)
        return target.day - 1 if target.day > 1 else 3
    if target.isoweekday() == 7:  # noqa: PLR2004 (Sunday)
        return target.day + 1 if target.day < last else last - 2
    return target.day


def _aws_weekday(day: dt.date) -> int:
    return day.isoweekday() % 7 + 1


def _week_day(field: str) -> DayTest:
    if field == "L":
        return lambda day: _aws_weekday(day) == _WEEKDAYS["SAT"]
    if last := re.fullmatch(r"(\w+)L", field):
        weekday = _number(last[1], _WEEKDAYS)
        return lambda day: _aws_weekday(day) == weekday and day.day > _days_in_month(day) - 7
    if nth := re.fullmatch(r"(\w+)#([1-5])", field):
        weekday, count = _number(nth[1], _WEEKDAYS), int(nth[2])
        return lambda day: _aws_weekday(day) == weekday and (day.day - 1) // 7 + 1 == count
    weekdays = _values(field, 1, 7, _WEEKDAYS)
    return lambda day: _aws_weekday(day) in weekdays
