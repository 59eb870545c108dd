"""What an answer may cite: a value that a tool computed, with its name and unit."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from mlops_platform.models.selfmate.tools.period import Period, day_text

PERCENT: Final = "%"
DATE: Final = "date"
PERIOD: Final = "period"
NAME: Final = "name"
_SYMBOLS: Final = {"GBP": "£", "EUR": "€", "USD": "$"}
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True)
class Figure:
    """One value.

    Parameters
    ----------
    name
        What it is, e.g. ``total``.
    value
        Money in whole units of its currency, a count, a share, a day, a period or a name.
    unit
        A currency's code, what is counted ("purchases"), or one of `PERCENT`, `DATE`, `PERIOD` and
        `NAME`.
    """

    name: str
    value: Decimal | int | str | date | Period
    unit: str

    @property
    def text(self) -> str:
        """The value as an answer says it, word for word."""
        match self.value:
            case Period():
                return self.value.text
            case date():
                return day_text(self.value)
            case Decimal() if self.unit == PERCENT:
                return f"{self.value:,}%"
            case Decimal():
                symbol = _SYMBOLS.get(self.unit)
                amount = f"{self.value:,.2f}"
                return f"{symbol}{amount}" if symbol else f"{amount} {self.unit}"
            case int():
                return f"{self.value:,} {self.unit if self.value != 1 else self.unit[:-1]}"
            case _:
                return self.value

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as JSON's own types; periods as ISO 8601 intervals."""
        match self.value:
            case Period():
                value: Any = f"{self.value.first.isoformat()}/{self.value.last.isoformat()}"
            case date():
                value = self.value.isoformat()
            case Decimal():
                value = float(self.value)
            case _:
                value = self.value
        return {"name": self.name, "value": value, "unit": self.unit, "text": self.text}


def money(name: str, minor: int, currency: str) -> Figure:
    """Return an amount that is given in hundredths of its currency.

    Examples
    --------
    >>> money("total", 123450, "GBP").text
    '£1,234.50'
    """
    return Figure(name, Decimal(minor).scaleb(-2), currency)


def share(name: str, part: int, whole: int) -> Figure:
    """Return a part of a whole > 0 in percent, to a tenth, halves up."""
    percent = (Decimal(100) * part / whole).quantize(_TENTH, ROUND_HALF_UP)
    return Figure(name, percent, PERCENT)
