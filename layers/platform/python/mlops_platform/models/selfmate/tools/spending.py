"""How much was spent."""

from datetime import date

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import Figure, money
from mlops_platform.models.selfmate.tools.findings import NO_PURCHASES, Findings
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.tools.period import Period


def spending(ledger: Ledger, asked: Arguments, today: date) -> Findings:
    """Add up the purchases that are asked about, of this month unless a period is named."""
    asked = asked.over(Period.month(today))
    chosen = asked.purchases(ledger)
    about = asked.figures(ledger.currency)
    if not chosen:
        return Findings(NO_PURCHASES, about)
    total = money("total", sum(each.minor for each in chosen), ledger.currency)
    return Findings("spending", (total, Figure("count", len(chosen), "purchases"), *about))
