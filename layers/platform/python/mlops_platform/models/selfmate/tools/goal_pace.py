"""How much must be saved each month to reach a goal in time."""

from datetime import date

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import DATE, NAME, Figure, money
from mlops_platform.models.selfmate.tools.findings import Findings
from mlops_platform.models.selfmate.tools.goal_choice import chosen_goal
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.tools.period import months_later


def goal_pace(ledger: Ledger, asked: Arguments, today: date) -> Findings:
    """Divide what is missing by the whole months to the deadline, rounded up to a penny."""
    goal = chosen_goal(ledger, asked)
    if isinstance(goal, Findings):
        return goal
    figures = (
        Figure("goal", goal.kind, NAME),
        money("remaining", goal.remaining_minor, ledger.currency),
        money("target", goal.target_minor, ledger.currency),
        Figure("deadline", goal.deadline, DATE),
    )
    if not goal.remaining_minor:
        return Findings("goal_reached", figures)
    if goal.deadline <= today:
        return Findings("goal_overdue", figures)
    n_months = _whole_months(today, goal.deadline)
    pace = -(-goal.remaining_minor // max(n_months, 1))
    if not n_months:
        return Findings("goal_due_within_a_month", figures)
    months = Figure("months", n_months, "months")
    return Findings("goal_pace", (money("per_month", pace, ledger.currency), months, *figures))


def _whole_months(today: date, deadline: date) -> int:
    n = (deadline.year - today.year) * 12 + deadline.month - today.month
    return n if months_later(today, n) <= deadline else n - 1
