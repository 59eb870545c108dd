"""What a tool is asked about."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from mlops_platform.models.selfmate.tools.figure import NAME, PERIOD, Figure, money
from mlops_platform.models.selfmate.tools.ledger import Ledger, Purchase, select
from mlops_platform.models.selfmate.tools.period import Period


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """What was said, in the tools' own terms; None where nothing was.

    Parameters
    ----------
    category, merchant, goal
        A category's name; a merchant and a goal as they were called.
    period, other
        The period, and the one that it is compared with.
    amount_minor
        An amount, in hundredths of the currency.
    """

    category: str | None = None
    merchant: str | None = None
    goal: str | None = None
    period: Period | None = None
    other: Period | None = None
    amount_minor: int | None = None

    def updated(self, later: "Arguments") -> "Arguments":
        """Return these arguments with what was said later in their place.

        A category and a merchant take each other's place: "and at Tesco?" asks about all of Tesco.
        """
        said = {name: value for name, value in vars(later).items() if value is not None}
        if "merchant" in said or "category" in said:
            said = {"merchant": None, "category": None} | said
        return replace(self, **said)

    def over(self, period: Period) -> "Arguments":
        """Return these arguments about a period, unless they name one."""
        return self if self.period else replace(self, period=period)

    def purchases(self, ledger: Ledger) -> list[Purchase]:
        """Return the purchases that are asked about, in order of time."""
        return select(
            ledger.purchases,
            period=self.period,
            category=self.category,
            merchant=self.merchant,
            over_minor=self.amount_minor,
        )

    def figures(self, currency: str) -> tuple[Figure, ...]:
        """Return what is asked about, for an answer to say."""
        found: list[Figure] = []
        if self.category is not None:
            found.append(Figure("category", self.category.replace("_", " "), NAME))
        if self.merchant is not None:
            found.append(Figure("merchant", self.merchant, NAME))
        if self.amount_minor is not None:
            found.append(money("over", self.amount_minor, currency))
        if self.period is not None:
            found.append(Figure("period", self.period, PERIOD))
        return tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """Return what was said as JSON's own types."""
        return {
            name: value.to_dict() if isinstance(value, Period) else value
            for name, value in vars(self).items()
            if value is not None
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned; raises ValueError, KeyError or TypeError on other input."""
        read = dict(given)
        for name in ("period", "other"):
            if name in read:
                read[name] = Period.from_dict(read[name])
        for name, kind in _TYPES.items():
            if name in read and (not isinstance(read[name], kind) or isinstance(read[name], bool)):
                raise TypeError(f"{name} is {read[name]!r}")
        return cls(**read)


_TYPES: dict[str, type] = {"category": str, "merchant": str, "goal": str, "amount_minor": int}
