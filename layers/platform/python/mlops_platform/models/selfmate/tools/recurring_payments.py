"""Payments that come back every month."""

import itertools
from collections import defaultdict
from datetime import date, timedelta
from typing import Final

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import NAME, Figure, money
from mlops_platform.models.selfmate.tools.findings import Findings
from mlops_platform.models.selfmate.tools.ledger import Ledger, Purchase

# Three times is a rhythm. A month has 28 to 31 days, and banks wait for a weekend to end.
MIN_PAYMENTS: Final = 3
SHORTEST_DAYS: Final = 26
LONGEST_DAYS: Final = 35


def recurring_payments(ledger: Ledger, asked: Arguments, today: date) -> Findings:
    """Return what one merchant charged monthly by the same amount, and charges still.

    The period that may have been spoken of is left aside: a rhythm needs more than one month.
    """
    series: defaultdict[tuple[str, int], list[date]] = defaultdict(list)
    for each in ledger.purchases:
        if _is_asked(each, asked):
            series[each.merchant, each.minor].append(each.day)
    found = sorted(
        ((minor, merchant) for (merchant, minor), days in series.items() if _recurs(days, today)),
        key=lambda entry: (-entry[0], entry[1]),
    )
    if not found:
        return Findings("no_recurring_payments")
    rows = tuple(
        (Figure("place", merchant, NAME), money("payment", minor, ledger.currency))
        for minor, merchant in found
    )
    total = money("monthly_total", sum(minor for minor, _ in found), ledger.currency)
    return Findings("recurring_payments", (total,), rows)


def _is_asked(each: Purchase, asked: Arguments) -> bool:
    return asked.category is None or each.category == asked.category


def _recurs(days: list[date], today: date) -> bool:
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
    return (
        len(days) >= MIN_PAYMENTS
        and all(SHORTEST_DAYS <= gap <= LONGEST_DAYS for gap in gaps)
        and today - days[-1] <= timedelta(days=LONGEST_DAYS)
    )
