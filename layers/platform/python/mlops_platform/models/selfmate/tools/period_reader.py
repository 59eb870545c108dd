"""Which days a phrase such as "last month" or "since March" means."""

import re
from datetime import date
from typing import Final

from mlops_platform.models.selfmate.tools.period import Period
from mlops_platform.models.selfmate.tools.period_rules import RANGES, RULES, read_by_rules

# Who compares two periods means both, and not what lies between them.
_COMPARING: Final = re.compile(
    r"\b(?:against|chang\w*|compar\w*|differ\w*|down|fell|grew|less|more|rise|risen|rose|than|up|"
    r"versus|vs|went)\b"
)


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
    return read_by_rules(text, today, earlier, (*RANGES, *RULES))


def period_spans(text: str) -> list[tuple[int, int]]:
    """Return where a text speaks of periods: first and past-the-last characters, in their order.

    Examples
    --------
    >>> period_spans("Did I spend more in May than last month?")
    [(20, 23), (29, 39)]
    """
    said = text.lower()
    rules = RULES if _COMPARING.search(said) else (*RANGES, *RULES)
    spans: list[tuple[int, int]] = []
    for pattern, _ in rules:
        for found in pattern.finditer(said):
            start, end = found.span()
            if all(end <= other_start or start >= other_end for other_start, other_end in spans):
                spans.append((start, end))
    return sorted(spans)
