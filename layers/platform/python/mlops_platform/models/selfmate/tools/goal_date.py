"""When a goal is reached by saving so much a month."""

from datetime import date
from typing import Final

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import DATE, NAME, Figure, money
from mlops_platform.models.selfmate.tools.findings import WHICH_AMOUNT, Findings
from mlops_platform.models.selfmate.tools.goal_choice import chosen_goal
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.tools.period import months_later

# Longer than anybody saves; the calendar ends somewhere, too.
MAX_MONTHS: Final = 1_200


def goal_date(ledger: Ledger, asked: Arguments, today: date) -> Findings:
    """Divide what is missing by the monthly amount, rounded up to whole months from today."""
    goal = chosen_goal(ledger, asked)
    if isinstance(goal, Findings):
        return goal
    figures = (
        Figure("goal", goal.kind, NAME),
        money("remaining", goal.remaining_minor, ledger.currency),
        money("target", goal.target_minor, ledger.currency),
    )
    if not goal.remaining_minor:
        return Findings("goal_reached", figures)
    if not asked.amount_minor:
        return Findings(WHICH_AMOUNT, figures)
    amount = money("per_month", asked.amount_minor, ledger.currency)
    n_months = -(-goal.remaining_minor // asked.amount_minor)
    if n_months > MAX_MONTHS:
        return Findings("goal_too_far", (amount, *figures))
    months = Figure("months", n_months, "months")
    day = Figure("day", months_later(today, n_months), DATE)
    return Findings("goal_date", (amount, months, day, *figures))
