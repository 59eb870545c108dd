"""From the words of an utterance to what the tools know by that name."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from mlops_platform.models.selfmate.categories import category_called
from mlops_platform.models.selfmate.reading import Slot
from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.catalogue import ABOUT_GOALS, TOOLS
from mlops_platform.models.selfmate.tools.ledger import ARTICLES, Ledger, words
from mlops_platform.models.selfmate.tools.period import Period
from mlops_platform.models.selfmate.tools.period_reader import read_period

NearestCategory = Callable[[str, Sequence[str]], str | None]


def ground(
    slots: Sequence[Slot],
    ledger: Ledger,
    today: date,
    *,
    question: str,
    earlier: Period | None,
    nearest_category: NearestCategory,
) -> Arguments:
    """Return what slots mean to a user's ledger.

    Parameters
    ----------
    slots
        What was said, in its order; of two that name the same, the last one counts.
    ledger
        The user's.
    today
        The day of the question.
    question
        The intent that is asked about: one about goals names no category, and the other way round.
    earlier
        The period that was spoken of last.
    nearest_category
        Finds which of some categories a phrase means.
    """
    named: dict[str, str] = {}
    periods: list[Period] = []
    amount = None
    for slot in slots:
        if slot.name == "period":
            period = read_period(slot.text, today, periods[-1] if periods else earlier)
            periods += [period] if period else []
        elif slot.name == "amount":
            amount = read_amount(slot.text)
        elif question in ABOUT_GOALS:
            named |= {"goal": slot.text}
        else:
            named |= _named(slot, ledger, nearest_category, is_known=question in TOOLS)
    return Arguments(
        category=named.get("category"),
        merchant=named.get("merchant"),
        goal=named.get("goal"),
        period=periods[0] if periods else None,
        other=periods[1] if len(periods) > 1 else None,
        amount_minor=amount,
    )


def read_amount(text: str) -> int | None:
    """Return an amount in hundredths, None if there is none.

    Examples
    --------
    >>> read_amount("£1,250.50"), read_amount("20 quid"), read_amount("a lot")
    (125050, 2000, None)
    """
    found = re.search(r"\d[\d,]*(?:\.\d+)?", text)
    if not found:
        return None
    try:
        return int((Decimal(found[0].replace(",", "")) * 100).to_integral_value())
    except InvalidOperation:
        return None


def _named(
    slot: Slot, ledger: Ledger, nearest_category: NearestCategory, *, is_known: bool
) -> dict[str, str]:
    """Return what a category, a merchant or a goal is to the ledger, which knows it better.

    The tagger has only the sentence: in "what about Boden?" nothing tells a shop from a category.
    Where the question is known to be about purchases, no goal is meant.
    """
    category = category_called(slot.text, ledger.categories)
    is_merchant = ledger.has_merchant(slot.text)
    if category is not None and not (slot.name == "merchant" and is_merchant):
        return {"category": category}
    if is_merchant:
        return {"merchant": slot.text}
    is_goal = any(words(slot.text) - ARTICLES <= words(goal.kind) for goal in ledger.goals)
    if not is_known and (is_goal or slot.name == "goal"):
        return {"goal": slot.text}
    if slot.name == "merchant":
        return {"merchant": slot.text}
    nearest = nearest_category(slot.text, ledger.categories)
    # What is no category at all may be a shop where nothing was bought.
    return {"category": nearest} if nearest else {"merchant": slot.text}
