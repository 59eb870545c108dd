"""Where most money was spent."""

from datetime import date
from typing import Final

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import NAME, Figure, money
from mlops_platform.models.selfmate.tools.findings import NO_PURCHASES, Findings
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.tools.period import Period
from mlops_platform.models.selfmate.tools.ranking import ranked_totals

N_SHOWN: Final = 3


def top_merchants(ledger: Ledger, asked: Arguments, today: date) -> Findings:
    """Return the merchants that got most this month, or in the period that is named."""
    asked = asked.over(Period.month(today))
    chosen = asked.purchases(ledger)
    about = asked.figures(ledger.currency)
    if not chosen:
        return Findings(NO_PURCHASES, about)
    totals = ranked_totals(chosen, lambda each: each.merchant)
    rows = tuple(
        (Figure("place", name, NAME), money("place_total", minor, ledger.currency))
        for name, minor in totals[:N_SHOWN]
    )
    return Findings("top_merchants", about, rows)
