"""Sums by group, the largest first."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from mlops_platform.models.selfmate.tools.ledger import Purchase


def ranked_totals(
    purchases: Iterable[Purchase], group: Callable[[Purchase], str]
) -> list[tuple[str, int]]:
    """Return groups with their sums in minor units, the largest first, equal ones by name."""
    totals: defaultdict[str, int] = defaultdict(int)
    for each in purchases:
        totals[group(each)] += each.minor
    return sorted(totals.items(), key=lambda entry: (-entry[1], entry[0]))
