"""Answers in words: fixed sentences, in which only a tool's figures are filled in.

No sentence holds a digit of its own, so no answer can say a number that no tool returned.
"""

from collections.abc import Sequence
from string import Formatter
from typing import Final

from mlops_platform.models.selfmate.tools.figure import Figure
from mlops_platform.models.selfmate.tools.findings import (
    NO_PURCHASES,
    WHICH_AMOUNT,
    WHICH_GOAL,
    Findings,
)

GREETING: Final = "Hello! Ask me about your spending or your savings goals."
HELP: Final = (
    "I answer questions about your own purchases and goals: how much you spent, where and on what, "
    "how two periods compare, which payments come back every month, and how your goals go."
)
REFUSAL: Final = (
    "I cannot help with that. I answer questions about your own purchases and savings goals."
)
WHAT_ABOUT: Final = "What would you like to know: your spending, a purchase, or a savings goal?"

# Outcome → sentence. `{about}` is what was asked about, `{rows}` the list.
SENTENCES: Final = {
    NO_PURCHASES: "I find no purchases{about}.",
    "spending": "You spent {total}{about}, in {count}.",
    "purchase_count": "You made {count}{about}.",
    "average_purchase": "A purchase{about} cost you {average} on average, over {count}.",
    "largest_purchase": "Your largest purchase{about} was {largest} at {place}, on {day}.",
    "latest_purchase": "Your latest purchase{about} was {amount} at {place}, on {day}.",
    "spending_breakdown": "You spent {total}{about}, most of it on {rows}.",
    "top_merchants": "You spent most{about} at {rows}.",
    "more_than_other": (
        "You spent {difference} more{about} than {other_period}: "
        "{total} against {other_total}, up by {change}."
    ),
    "less_than_other": (
        "You spent {difference} less{about} than {other_period}: "
        "{total} against {other_total}, down by {change}."
    ),
    "more_than_nothing": "You spent {total}{about} and nothing {other_period}.",
    "same_as_other": "You spent the same{about} as {other_period}: {total}.",
    "recurring_payments": "You pay {monthly_total} every month: {rows}.",
    "no_recurring_payments": "I find no payments that come back every month.",
    "goal_progress": (
        "You have saved {saved} of {target} for your {goal}, which is {progress}; "
        "{remaining} are missing until {deadline}."
    ),
    "goal_reached": "Your {goal} goal is reached: all of {target} is there.",
    "goal_overdue": "The deadline of your {goal} goal was {deadline}; {remaining} are missing.",
    "goal_due_within_a_month": (
        "Your {goal} goal is due on {deadline}, within a month; {remaining} are missing."
    ),
    "goal_pace": (
        "Save {per_month} a month, and the missing {remaining} for your {goal} are there in "
        "{months}, by {deadline}."
    ),
    "goal_date": (
        "With {per_month} a month, the missing {remaining} for your {goal} are there in {months}, "
        "on {day}."
    ),
    "goal_too_far": (
        "With {per_month} a month, the missing {remaining} for your {goal} would take longer than "
        "a lifetime."
    ),
    "no_goals": "I know of no savings goal of yours.",
    WHICH_GOAL: "Which goal do you mean: {rows}?",
    WHICH_AMOUNT: "How much would you save each month for your {goal}?",
}
# Outcome → one line of its list.
ROWS: Final = {
    "spending_breakdown": "{category} ({category_total}, {category_share})",
    "top_merchants": "{place} ({place_total})",
    "recurring_payments": "{place} ({payment})",
    WHICH_GOAL: "{goal}",
}
# Figure → how it says what was asked about; in this order.
_ABOUT: Final = {
    "over": " of more than {}",
    "category": " on {}",
    "merchant": " at {}",
    "period": " {}",
}


def worded(findings: Findings) -> str:
    """Return a tool's findings as a sentence."""
    texts = _texts(findings.figures)
    about = "".join(form.format(texts[name]) for name, form in _ABOUT.items() if name in texts)
    row = ROWS.get(findings.outcome, "")
    rows = _listed([row.format(**_texts(figures)) for figures in findings.rows])
    return SENTENCES[findings.outcome].format(about=about, rows=rows, **texts)


def cited(findings: Findings) -> tuple[Figure, ...]:
    """Return the figures that `worded` says, those of the list last."""
    fields = {field for _, field, _, _ in Formatter().parse(SENTENCES[findings.outcome])}
    if "about" in fields:
        fields |= set(_ABOUT)
    said = tuple(figure for figure in findings.figures if figure.name in fields)
    return said + tuple(figure for row in findings.rows for figure in row)


def _texts(figures: Sequence[Figure]) -> dict[str, str]:
    return {figure.name: figure.text for figure in figures}


def _listed(parts: Sequence[str]) -> str:
    """Return parts as a list in words."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
