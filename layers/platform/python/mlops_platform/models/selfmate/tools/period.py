"""Spans of days, and the calendar's arithmetic on them."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, Self

Unit = Literal["days", "week", "month", "year"]
_DAYS_A_WEEK = 7
_MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included.

    Parameters
    ----------
    first, last
        UTC days.
    unit
        What the span is one of; ``days`` if it is just so many of them.

    Examples
    --------
    >>> march = Period.month(date(2025, 3, 9))
    >>> march.text, march.before().text
    ('in March 2025', 'in February 2025')
    """

    first: date
    last: date
    unit: Unit = "days"

    @classmethod
    def day(cls, day: date) -> Self:
        """Return one day."""
        return cls(day, day)

    @classmethod
    def week(cls, day: date) -> Self:
        """Return the week from Monday to Sunday that a day lies in."""
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=_DAYS_A_WEEK - 1), "week")

    @classmethod
    def month(cls, day: date) -> Self:
        """Return the calendar month that a day lies in."""
        n_days = calendar.monthrange(day.year, day.month)[1]
        return cls(day.replace(day=1), day.replace(day=n_days), "month")

    @classmethod
    def year(cls, day: date) -> Self:
        """Return the calendar year that a day lies in."""
        return cls(date(day.year, 1, 1), date(day.year, _MONTHS_A_YEAR, 31), "year")

    def before(self) -> "Period":
        """Return the period of the same kind, or as many days, that ends where this one begins."""
        end = self.first - timedelta(days=1)
        if self.unit == "days":
            return Period(end - (self.last - self.first), end)
        return of_unit(self.unit, end)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def text(self) -> str:
        """The period in words, with its preposition."""
        if self.unit == "month":
            return f"in {self.first:%B %Y}"
        if self.unit == "year":
            return f"in {self.first:%Y}"
        if self.first == self.last:
            return f"on {day_text(self.first)}"
        return f"from {day_text(self.first)} to {day_text(self.last)}"

    def to_dict(self) -> dict[str, str]:
        """Return the period as JSON's own types."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "unit": self.unit,
        }

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> Self:
        """Read what `to_dict` returned; raises ValueError, KeyError or TypeError on other input."""
        first, last = (date.fromisoformat(given[name]) for name in ("first", "last"))
        if given["unit"] not in _UNITS or first > last:
            raise ValueError(f"no period: {given!r}")
        return cls(first, last, given["unit"])


_UNITS = ("days", "week", "month", "year")


def of_unit(unit: Unit, day: date) -> Period:
    """Return the week, month or year that a day lies in, or the day itself."""
    makers = {"week": Period.week, "month": Period.month, "year": Period.year}
    return makers.get(unit, Period.day)(day)


def months_later(day: date, n: int) -> date:
    """Return the same day of the month `n` months later, or that month's last day if it is shorter.

    Examples
    --------
    >>> months_later(date(2025, 1, 31), 1), months_later(date(2025, 1, 31), -2)
    (datetime.date(2025, 2, 28), datetime.date(2024, 11, 30))
    """
    month = day.year * _MONTHS_A_YEAR + day.month - 1 + n
    year, month = month // _MONTHS_A_YEAR, month % _MONTHS_A_YEAR + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def day_text(day: date) -> str:
    """Return a day as people write it.

    Examples
    --------
    >>> day_text(date(2025, 3, 9))
    '9 March 2025'
    """
    return f"{day.day} {day:%B %Y}"
