"""Which goal is meant."""

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.figure import NAME, Figure
from mlops_platform.models.selfmate.tools.findings import WHICH_GOAL, Findings
from mlops_platform.models.selfmate.tools.ledger import Goal, Ledger


def chosen_goal(ledger: Ledger, asked: Arguments) -> Goal | Findings:
    """Return the goal that is named or the only one, or else what to say instead."""
    if not ledger.goals:
        return Findings("no_goals")
    goal = ledger.goal(asked.goal)
    if goal is None:
        rows = tuple((Figure("goal", each.kind, NAME),) for each in ledger.goals)
        return Findings(WHICH_GOAL, rows=rows)
    return goal
