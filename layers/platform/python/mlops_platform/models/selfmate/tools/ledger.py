"""A user's purchases and goals, as the tools see them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from mlops_platform.models.selfmate.tools.period import Period

# Services through which a merchant is paid stand first on a statement line.
_SERVICES: Final = frozenset({"paypal", "sq", "sumup"})

# One word of what people or statements say.
WORD: Final = re.compile(r"[\w'’]+")  # noqa: RUF001
# Words that name nothing.
ARTICLES: Final = frozenset({"a", "my", "the"})


@dataclass(frozen=True)
class Purchase:
    """One purchase.

    Parameters
    ----------
    day
        When, in UTC.
    minor
        What it cost, in hundredths of the ledger's currency.
    merchant, category
        Where it was, and what it is to its user; empty if nobody knows.
    """

    day: date
    minor: int
    merchant: str
    category: str


@dataclass(frozen=True)
class Goal:
    """What the user saves for.

    Parameters
    ----------
    kind
        What it is called.
    target_minor, saved_minor
        What it needs and what is there, in hundredths of the ledger's currency.
    deadline
        When it shall be reached.
    """

    kind: str
    target_minor: int
    saved_minor: int
    deadline: date

    @property
    def remaining_minor(self) -> int:
        """What is missing, at least 0."""
        return max(self.target_minor - self.saved_minor, 0)


@dataclass(frozen=True)
class Ledger:
    """Everything that an answer may rest on.

    Parameters
    ----------
    purchases
        In order of time.
    goals
        The user's goals.
    currency
        Code of the one currency that all amounts are in.
    """

    purchases: tuple[Purchase, ...] = ()
    goals: tuple[Goal, ...] = ()
    currency: str = "GBP"

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories of the purchases, sorted."""
        return tuple(sorted({each.category for each in self.purchases if each.category}))

    def has_merchant(self, said: str) -> bool:
        """Return whether a purchase was at a merchant of that name, its brand included."""
        return any(
            is_called(each.merchant, said) and brand(each.merchant) <= words(said)
            for each in self.purchases
        )

    def goal(self, said: str | None) -> Goal | None:
        """Return the one goal whose name holds a word that was said, or the only goal there is."""
        if said is None:
            return self.goals[0] if len(self.goals) == 1 else None
        named = words(said) - ARTICLES
        found = [goal for goal in self.goals if words(goal.kind) & named]
        return found[0] if len(found) == 1 else None


def select(
    purchases: Iterable[Purchase],
    *,
    period: Period | None = None,
    category: str | None = None,
    merchant: str | None = None,
    over_minor: int | None = None,
) -> list[Purchase]:
    """Return the purchases of a period and a category, at a merchant, above an amount."""
    return [
        each
        for each in purchases
        if (period is None or each.day in period)
        and (category is None or each.category == category)
        and (merchant is None or is_called(each.merchant, merchant))
        and (over_minor is None or each.minor > over_minor)
    ]


def is_called(merchant: str, said: str) -> bool:
    """Return whether all that was said are words of a merchant's name.

    Examples
    --------
    >>> is_called("PAYPAL *BODEN CAFE 12", "Boden Cafe"), is_called("BODEN FOODS", "Boden Cafe")
    (True, False)
    """
    return bool(words(said)) and words(said) <= words(merchant)


def brand(merchant: str) -> frozenset[str]:
    """Return the first telling word of a merchant's name, in a set of its own.

    Examples
    --------
    >>> brand("PAYPAL *BODEN CAFE") == {"boden"}
    True
    """
    for match in WORD.finditer(merchant):
        if not words(match[0]) <= _SERVICES:
            return words(match[0])
    return frozenset()


def words(text: str) -> frozenset[str]:
    """Return a text's words in one case, without apostrophes.

    Examples
    --------
    >>> sorted(words("McDonald's no. 12"))
    ['12', 'mcdonalds', 'no']
    """
    return frozenset(re.findall(r"\w+", re.sub("['’]", "", text.casefold())))  # noqa: RUF001
