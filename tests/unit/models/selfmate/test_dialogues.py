"""Two thousand conversations: no answer says a number that no tool returned, and each is right.

The utterances are read as they truly are, or deliberately wrong; what reads them in service is
tested beside. Truth comes from pandas and from the generator's own calendar.
"""

import re
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from benchmarks.selfmate.askers import Asker, askers
from benchmarks.selfmate.reference_answers import answered_right, expected_answer
from mlops_platform.data.dialogues.dialogue import PHRASINGS, draw_dialogue
from mlops_platform.data.dialogues.utterance import OUT_OF_SCOPE, Utterance
from mlops_platform.data.world.world import World
from mlops_platform.models.selfmate.dialogue import Reply, reply
from mlops_platform.models.selfmate.intents import Intent
from mlops_platform.models.selfmate.reading import Reading, Slot
from mlops_platform.models.selfmate.request import ledger_of
from mlops_platform.models.selfmate.session import Session
from mlops_platform.models.selfmate.tools.catalogue import TOOLS
from mlops_platform.models.selfmate.tools.ledger import Ledger

N_DIALOGUES = 2_000
TODAY = date(2025, 5, 14)
CATEGORY_OF = {
    phrase.casefold(): category
    for phrasings in PHRASINGS.values()
    for category, phrases in phrasings.categories.items()
    for phrase in phrases
}


@pytest.fixture(scope="module")
def people() -> list[Asker]:
    return askers(World(seed=9, n_users=20), TODAY, 140)


def conversations(people: list[Asker], seed: int) -> Iterator[tuple[Asker, list[Utterance]]]:
    random = np.random.default_rng(seed)
    for number in range(N_DIALOGUES):
        asker = people[number % len(people)]
        phrasings = PHRASINGS[("train", "validation", "test")[number % 3]]
        yield asker, draw_dialogue(random, asker.speaker, phrasings)


def reading_of(turn: Utterance, intent: str) -> Reading:
    is_foreign = intent == OUT_OF_SCOPE
    return Reading(
        text=turn.text,
        intent=Intent(intent, 1.0, 0.0, float(is_foreign), is_out_of_scope=is_foreign),
        slots=tuple(Slot(name, turn.text[a:b], a, b) for a, b, name in turn.slots),
        n_tokens=0,
    )


def true_category(said: str, _: object) -> str | None:
    return CATEGORY_OF.get(said.casefold())


def assert_grounded(said: Reply, ledger: Ledger) -> None:
    """Take every figure's words out of the answer: no digit may be left."""
    rest = said.text
    for figure in sorted(said.figures, key=lambda figure: -len(figure.text)):
        assert figure.text in said.text
        rest = rest.replace(figure.text, "")
    assert not re.search(r"\d", rest), said.text
    names = [figure.value for figure in said.figures if figure.name == "place"]
    assert set(names) <= {each.merchant for each in ledger.purchases}


def test_every_answer_is_right_and_says_only_what_a_tool_returned(people: list[Asker]) -> None:
    ledgers = {each.speaker.user_id: ledger_of(each.request("", {})) for each in people}
    wrong = []
    for asker, turns in conversations(people, seed=0):
        ledger, session = ledgers[asker.speaker.user_id], Session()
        for turn in turns:
            said = reply(reading_of(turn, turn.intent), session, ledger, TODAY, true_category)
            # As a store of sessions would hand it to the next turn.
            session = Session.from_dict(said.session.to_dict())
            assert_grounded(said, ledger)
            answer = {
                "intent": said.intent,
                "is_answered": said.is_answered,
                "figures": [figure.to_dict() for figure in said.figures],
            }
            expected = expected_answer(turn.meaning, asker)
            if not answered_right(answer, expected):
                wrong.append((turn.text, said.text, expected))

    assert wrong[:5] == []


def test_an_answer_to_a_misread_question_still_invents_nothing(people: list[Asker]) -> None:
    random = np.random.default_rng(1)
    intents = [*TOOLS, "follow_up", "greeting"]
    ledgers = {each.speaker.user_id: ledger_of(each.request("", {})) for each in people}
    for asker, turns in conversations(people, seed=1):
        ledger, session = ledgers[asker.speaker.user_id], Session()
        for turn in turns:
            misread = reading_of(turn, intents[random.integers(len(intents))])
            said = reply(misread, session, ledger, TODAY, lambda *_: None)
            session = said.session
            assert_grounded(said, ledger)
