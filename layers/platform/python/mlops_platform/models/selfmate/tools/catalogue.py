"""Which tool answers which intent."""

from collections.abc import Callable
from datetime import date
from typing import Final

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.average_purchase import average_purchase
from mlops_platform.models.selfmate.tools.compare_periods import compare_periods
from mlops_platform.models.selfmate.tools.findings import Findings
from mlops_platform.models.selfmate.tools.goal_date import goal_date
from mlops_platform.models.selfmate.tools.goal_pace import goal_pace
from mlops_platform.models.selfmate.tools.goal_progress import goal_progress
from mlops_platform.models.selfmate.tools.largest_purchase import largest_purchase
from mlops_platform.models.selfmate.tools.latest_purchase import latest_purchase
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.tools.purchase_count import purchase_count
from mlops_platform.models.selfmate.tools.recurring_payments import recurring_payments
from mlops_platform.models.selfmate.tools.spending import spending
from mlops_platform.models.selfmate.tools.spending_breakdown import spending_breakdown
from mlops_platform.models.selfmate.tools.top_merchants import top_merchants

Tool = Callable[[Ledger, Arguments, date], Findings]

TOOLS: Final[dict[str, Tool]] = {
    "spending": spending,
    "spending_breakdown": spending_breakdown,
    "top_merchants": top_merchants,
    "largest_purchase": largest_purchase,
    "latest_purchase": latest_purchase,
    "purchase_count": purchase_count,
    "average_purchase": average_purchase,
    "compare_periods": compare_periods,
    "recurring_payments": recurring_payments,
    "goal_progress": goal_progress,
    "goal_pace": goal_pace,
    "goal_date": goal_date,
}
# The tools that look at goals, and at no purchase.
ABOUT_GOALS: Final = frozenset({"goal_progress", "goal_pace", "goal_date"})
