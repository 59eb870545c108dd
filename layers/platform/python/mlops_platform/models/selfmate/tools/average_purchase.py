"""How much a purchase costs on average."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import Figure, money
from mlops_platform.models.selfmate.tools.findings import NO_PURCHASES, Findings
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.tools.period import Period


def average_purchase(ledger: Ledger, asked: Arguments, today: date) -> Findings:
    """Return the arithmetic mean, halves up, of this month unless a period is named."""
    asked = asked.over(Period.month(today))
    chosen = asked.purchases(ledger)
    about = asked.figures(ledger.currency)
    if not chosen:
        return Findings(NO_PURCHASES, about)
    mean = Decimal(sum(each.minor for each in chosen)) / len(chosen)
    minor = int(mean.quantize(Decimal(1), ROUND_HALF_UP))
    count = Figure("count", len(chosen), "purchases")
    return Findings("average_purchase", (money("average", minor, ledger.currency), count, *about))
