"""How many purchases there were."""

from datetime import date

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import Figure
from mlops_platform.models.selfmate.tools.findings import NO_PURCHASES, Findings
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.tools.period import Period


def purchase_count(ledger: Ledger, asked: Arguments, today: date) -> Findings:
    """Count the purchases that are asked about, of this month unless a period is named."""
    asked = asked.over(Period.month(today))
    n = len(asked.purchases(ledger))
    about = asked.figures(ledger.currency)
    if not n:
        return Findings(NO_PURCHASES, about)
    return Findings("purchase_count", (Figure("count", n, "purchases"), *about))
