"""Dialogues of several turns, and the single utterances of a table."""

from dataclasses import replace
from typing import Final

import numpy as np

from mlops_platform.data.dialogues.phrasings.fresh import FRESH
from mlops_platform.data.dialogues.phrasings.phrasing_set import PhrasingSet
from mlops_platform.data.dialogues.phrasings.test import TEST
from mlops_platform.data.dialogues.phrasings.train import TRAIN
from mlops_platform.data.dialogues.phrasings.validation import VALIDATION
from mlops_platform.data.dialogues.speaker import Speaker
from mlops_platform.data.dialogues.utterance import (
    FOLLOW_UP,
    OUT_OF_SCOPE,
    Meaning,
    Utterance,
    say,
)

# What is held out is nobody's to learn from, even if it comes to mind twice.
PHRASINGS: Final = {
    "train": TRAIN.without(VALIDATION, TEST, FRESH),
    "validation": VALIDATION.without(TEST, FRESH),
    "test": TEST,
}
_MAX_FOLLOW_UPS: Final = 3
# Of a table's utterances and of a dialogue's turns.
_FOLLOW_UP_SHARE: Final = 0.2
_FOREIGN_SHARE: Final = 0.12
_GOAL_INTENTS: Final = ("goal_progress", "goal_pace", "goal_date")
# What a follow-up may change of each intent's question.
_CHANGES: Final = {
    **dict.fromkeys(
        ("spending", "largest_purchase", "purchase_count", "average_purchase"),
        ("period", "back", "category", "merchant"),
    ),
    **dict.fromkeys(("spending_breakdown", "top_merchants"), ("period", "back")),
    "latest_purchase": ("category", "merchant"),
    **dict.fromkeys(_GOAL_INTENTS, ("goal",)),
}


def draw_utterance(
    random: np.random.Generator, speaker: Speaker, phrasings: PhrasingSet
) -> Utterance:
    """Draw one utterance as a table holds it: of any intent, or a follow-up, or out of scope."""
    kind = random.random()
    if kind < _FOREIGN_SHARE:
        return _foreign(random, speaker, phrasings)
    if kind < _FOREIGN_SHARE + _FOLLOW_UP_SHARE:
        change = list(phrasings.follow_ups)[random.integers(len(phrasings.follow_ups))]
        template = _one_of(random, phrasings.follow_ups[change])
        return say(random, speaker, phrasings, template, FOLLOW_UP, Meaning(intent=FOLLOW_UP))
    return _question(random, speaker, phrasings)


def draw_dialogue(
    random: np.random.Generator, speaker: Speaker, phrasings: PhrasingSet
) -> list[Utterance]:
    """Draw a question and up to three turns that lean on it, now and then a foreign one between."""
    turns = [_question(random, speaker, phrasings)]
    meaning = turns[0].meaning
    for _ in range(random.integers(_MAX_FOLLOW_UPS + 1)):
        if random.random() < _FOREIGN_SHARE:
            turns.append(_foreign(random, speaker, phrasings))
            continue
        changes = _possible_changes(meaning)
        if not changes:
            break
        template = _one_of(random, phrasings.follow_ups[_one_of(random, changes)])
        turns.append(say(random, speaker, phrasings, template, FOLLOW_UP, meaning))
        meaning = turns[-1].meaning
    return turns


def _possible_changes(meaning: Meaning) -> tuple[str, ...]:
    """Return what a follow-up may change: the period before one needs one to lean on."""
    can_go_back = meaning.period is not None and meaning.period.unit
    changes = _CHANGES.get(meaning.intent, ())
    return tuple(change for change in changes if change != "back" or can_go_back)


def _question(random: np.random.Generator, speaker: Speaker, phrasings: PhrasingSet) -> Utterance:
    intent = _one_of(random, tuple(phrasings.templates))
    template = _one_of(random, phrasings.templates[intent])
    return say(random, speaker, phrasings, template, intent, Meaning(intent=intent))


def _foreign(random: np.random.Generator, speaker: Speaker, phrasings: PhrasingSet) -> Utterance:
    text = _one_of(random, phrasings.out_of_scope)
    meaning = Meaning(intent=OUT_OF_SCOPE)
    return replace(say(random, speaker, phrasings, text, OUT_OF_SCOPE, meaning), meaning=meaning)


def _one_of(random: np.random.Generator, choices: tuple[str, ...]) -> str:
    return choices[random.integers(len(choices))]
