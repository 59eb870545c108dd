"""One turn of a conversation: from what was read to an answer, and to what is remembered of it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from mlops_platform.models.selfmate.grounding import NearestCategory, ground
from mlops_platform.models.selfmate.reading import FOLLOW_UP, OUT_OF_SCOPE, Reading
from mlops_platform.models.selfmate.session import Session
from mlops_platform.models.selfmate.tools.catalogue import ABOUT_GOALS, TOOLS
from mlops_platform.models.selfmate.tools.figure import Figure
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.wording import (
    GREETING,
    HELP,
    REFUSAL,
    WHAT_ABOUT,
    cited,
    worded,
)

_SMALL_TALK: Final = {"greeting": GREETING, "help": HELP}


@dataclass(frozen=True)
class Reply:
    """The answer to a turn.

    Parameters
    ----------
    text
        What is said.
    intent
        Which question it answers; a follow-up answers the one of the turn before.
    figures
        Everything in the text that a tool returned, and nothing else.
    session
        What the next turn leans on.
    is_answered
        False where the question was refused or is asked back.
    """

    text: str
    intent: str
    figures: tuple[Figure, ...]
    session: Session
    is_answered: bool


def reply(
    reading: Reading,
    session: Session,
    ledger: Ledger,
    today: date,
    nearest_category: NearestCategory,
) -> Reply:
    """Answer one utterance.

    Parameters
    ----------
    reading
        What the model read in it.
    session
        What came before.
    ledger
        The user's purchases and goals.
    today
        The day on which it is asked.
    nearest_category
        Finds which of some categories a phrase means.
    """
    intent, can_lean = reading.wanted, session.intent in TOOLS
    if intent == FOLLOW_UP and not can_lean and reading.standing_alone in TOOLS:
        intent = reading.standing_alone
    if intent == OUT_OF_SCOPE:
        return Reply(REFUSAL, OUT_OF_SCOPE, (), session, is_answered=False)
    if intent in _SMALL_TALK:
        return Reply(_SMALL_TALK[intent], intent, (), session, is_answered=True)
    said = ground(
        reading.slots,
        ledger,
        today,
        question=session.intent if intent == FOLLOW_UP else intent,
        earlier=session.arguments.period,
        nearest_category=nearest_category,
    )
    if intent == FOLLOW_UP:
        asked = Session(session.intent, session.arguments.updated(said))
    elif reading.refers_back and can_lean and _is_alike(intent, session.intent):
        asked = Session(intent, session.arguments.updated(said))
    else:
        asked = Session(intent, said)
    if asked.intent not in TOOLS:
        return Reply(WHAT_ABOUT, FOLLOW_UP, (), session, is_answered=False)
    findings = TOOLS[asked.intent](ledger, asked.arguments, today)
    return Reply(
        text=worded(findings),
        intent=asked.intent,
        figures=cited(findings),
        session=asked,
        is_answered=not findings.is_question,
    )


def _is_alike(one: str, other: str) -> bool:
    """Return whether two intents ask about the same: about goals, or about purchases."""
    return (one in ABOUT_GOALS) == (other in ABOUT_GOALS)
