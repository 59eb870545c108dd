"""Whether more was spent in one period than in another."""

from dataclasses import replace
from datetime import date

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import PERIOD, Figure, money, share
from mlops_platform.models.selfmate.tools.findings import Findings
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.tools.period import Period


def compare_periods(ledger: Ledger, asked: Arguments, today: date) -> Findings:
    """Compare this month, or the period that is named, with the other one or the one before."""
    asked = asked.over(Period.month(today))
    period = asked.period or Period.month(today)
    other = asked.other or period.before()
    total, other_total = (
        sum(each.minor for each in replace(asked, period=each_period).purchases(ledger))
        for each_period in (period, other)
    )
    figures = (
        money("total", total, ledger.currency),
        money("other_total", other_total, ledger.currency),
        money("difference", abs(total - other_total), ledger.currency),
        Figure("other_period", other, PERIOD),
        *asked.figures(ledger.currency),
    )
    if total == other_total:
        return Findings("same_as_other", figures)
    if not other_total:
        return Findings("more_than_nothing", figures)
    outcome = "more_than_other" if total > other_total else "less_than_other"
    return Findings(outcome, (share("change", abs(total - other_total), other_total), *figures))
