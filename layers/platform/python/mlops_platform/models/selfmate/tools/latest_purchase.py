"""The purchase that was made last."""

from datetime import date

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import DATE, NAME, Figure, money
from mlops_platform.models.selfmate.tools.findings import NO_PURCHASES, Findings
from mlops_platform.models.selfmate.tools.ledger import Ledger


def latest_purchase(ledger: Ledger, asked: Arguments, today: date) -> Findings:  # noqa: ARG001
    """Return the latest of all purchases that are asked about."""
    chosen = asked.purchases(ledger)
    about = asked.figures(ledger.currency)
    if not chosen:
        return Findings(NO_PURCHASES, about)
    latest = chosen[-1]
    found = (
        money("amount", latest.minor, ledger.currency),
        Figure("place", latest.merchant, NAME),
        Figure("day", latest.day, DATE),
    )
    return Findings("latest_purchase", (*found, *about))
