"""What money was spent on."""

from datetime import date
from typing import Final

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import NAME, Figure, money, share
from mlops_platform.models.selfmate.tools.findings import NO_PURCHASES, Findings
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.tools.period import Period
from mlops_platform.models.selfmate.tools.ranking import ranked_totals

N_SHOWN: Final = 3
_UNKNOWN: Final = "other"


def spending_breakdown(ledger: Ledger, asked: Arguments, today: date) -> Findings:
    """Return the largest categories of this month, or of the period that is named."""
    asked = asked.over(Period.month(today))
    chosen = asked.purchases(ledger)
    about = asked.figures(ledger.currency)
    if not chosen:
        return Findings(NO_PURCHASES, about)
    totals = ranked_totals(chosen, lambda each: each.category or _UNKNOWN)
    whole = sum(each.minor for each in chosen)
    rows = tuple(
        (
            Figure("category", name.replace("_", " "), NAME),
            money("category_total", minor, ledger.currency),
            share("category_share", minor, whole),
        )
        for name, minor in totals[:N_SHOWN]
    )
    return Findings("spending_breakdown", (money("total", whole, ledger.currency), *about), rows)
