"""How far a goal is."""

from datetime import date

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import DATE, NAME, Figure, money, share
from mlops_platform.models.selfmate.tools.findings import Findings
from mlops_platform.models.selfmate.tools.goal_choice import chosen_goal
from mlops_platform.models.selfmate.tools.ledger import Ledger


def goal_progress(ledger: Ledger, asked: Arguments, today: date) -> Findings:  # noqa: ARG001
    """Return what is saved, and what is missing, of the goal that is named or the only one."""
    goal = chosen_goal(ledger, asked)
    if isinstance(goal, Findings):
        return goal
    figures = (
        Figure("goal", goal.kind, NAME),
        money("saved", goal.saved_minor, ledger.currency),
        money("target", goal.target_minor, ledger.currency),
        money("remaining", goal.remaining_minor, ledger.currency),
        share("progress", goal.saved_minor, goal.target_minor),
        Figure("deadline", goal.deadline, DATE),
    )
    return Findings("goal_progress" if goal.remaining_minor else "goal_reached", figures)
