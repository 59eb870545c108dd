"""The purchase that cost most."""

from datetime import date

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import DATE, NAME, Figure, money
from mlops_platform.models.selfmate.tools.findings import NO_PURCHASES, Findings
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.tools.period import Period


def largest_purchase(ledger: Ledger, asked: Arguments, today: date) -> Findings:
    """Return the dearest purchase, the first of equals, of this month unless a period is named."""
    asked = asked.over(Period.month(today))
    chosen = asked.purchases(ledger)
    about = asked.figures(ledger.currency)
    if not chosen:
        return Findings(NO_PURCHASES, about)
    largest = max(chosen, key=lambda each: each.minor)
    found = (
        money("largest", largest.minor, ledger.currency),
        Figure("place", largest.merchant, NAME),
        Figure("day", largest.day, DATE),
    )
    return Findings("largest_purchase", (*found, *about))
