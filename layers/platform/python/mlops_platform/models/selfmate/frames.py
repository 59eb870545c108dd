"""An utterance's meaning in one line, so that two readings of it can be compared."""

import json
from collections.abc import Sequence
from datetime import date

from mlops_platform.models.selfmate.grounding import NearestCategory, ground
from mlops_platform.models.selfmate.reading import OUT_OF_SCOPE, Slot
from mlops_platform.models.selfmate.tools.ledger import ARTICLES, Ledger, words


def frame(
    intent: str, slots: Sequence[Slot], today: date, nearest_category: NearestCategory
) -> str:
    """Return an intent and what its slots mean to the tools, in a fixed order.

    A slot that says one word more or less, and means the same, makes the same frame; what is out of
    scope has no slots.

    Parameters
    ----------
    intent, slots
        As read, or as they truly are.
    today
        The day of the question, which periods lean on.
    nearest_category
        Finds which of some categories a phrase means.
    """
    if intent == OUT_OF_SCOPE:
        return OUT_OF_SCOPE
    arguments = ground(
        slots, Ledger(), today, question=intent, earlier=None, nearest_category=nearest_category
    ).to_dict()
    for name in ("merchant", "goal"):
        if name in arguments:
            arguments[name] = _plain(arguments[name])
    return f"{intent} {json.dumps(arguments, sort_keys=True)}"


def _plain(name: str) -> str:
    return " ".join(sorted(words(name) - ARTICLES))
