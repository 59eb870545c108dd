"""A question in words, with its intent, its slots and what it means."""

import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mlops_platform.data.dialogues.phrasings.phrasing_set import PhrasingSet
from mlops_platform.data.dialogues.speaker import Speaker
from mlops_platform.data.dialogues.spoken_periods import SpokenPeriod, before, draw_period

OUT_OF_SCOPE: Final = "out_of_scope"
FOLLOW_UP: Final = "follow_up"
_FIELD: Final = re.compile(r"\{(\w+)\}")
_COMPARED_UNIT: Final = "month"
# Amounts that people name, in pounds.
_AMOUNTS: Final = (10, 20, 25, 50, 75, 100, 150, 200, 250, 300, 500)
_LOWER_SHARE: Final = 0.3
_BARE_SHARE: Final = 0.3


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a question asks for; empty or None where it does not say.

    Parameters
    ----------
    intent
        Whose answer is wanted; never `FOLLOW_UP`, whose meaning is that of the question before.
    category, merchant, goal
        A category's name, a merchant as it was spoken, a kind of goal.
    period, other
        The period asked about, and the one that it is compared with.
    amount_pounds
        An amount.
    """

    intent: str
    category: str = ""
    merchant: str = ""
    goal: str = ""
    period: SpokenPeriod | None = None
    other: SpokenPeriod | None = None
    amount_pounds: int | None = None


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """What somebody says.

    Parameters
    ----------
    text, intent
        The words, and what to learn from them; a follow-up's intent is `FOLLOW_UP`.
    slots
        First and past-the-last character and name of each slot, in their order.
    meaning
        What is asked for.
    """

    text: str
    intent: str
    slots: tuple[tuple[int, int, str], ...]
    meaning: Meaning


@dataclass
class _Words:
    """Text in the making, and where its slots lie."""

    text: str = ""
    slots: tuple[tuple[int, int, str], ...] = ()

    def add(self, words: str, slot: str = "") -> None:
        if slot:
            self.slots += ((len(self.text), len(self.text) + len(words), slot),)
        self.text += words


def say(
    random: np.random.Generator,
    speaker: Speaker,
    phrasings: PhrasingSet,
    template: str,
    intent: str,
    earlier: Meaning,
) -> Utterance:
    """Fill a template.

    Parameters
    ----------
    random
        Draws what is said.
    speaker, phrasings
        Who says it, and in which wordings.
    template, intent
        The template and the utterance's intent.
    earlier
        What it leans on: the meaning before it, or nothing but its own intent.
    """
    words, meaning = _Words(), earlier
    position = 0
    for field in _FIELD.finditer(template):
        words.add(template[position : field.start()])
        meaning = _add(random, speaker, phrasings, field[1], words, meaning)
        position = field.end()
    words.add(template[position:])
    text = words.text
    if random.random() < _LOWER_SHARE:
        text = text.lower()
    if random.random() < _BARE_SHARE:
        text = text.rstrip("?")
    return Utterance(text=text, intent=intent, slots=words.slots, meaning=meaning)


def _add(
    random: np.random.Generator,
    speaker: Speaker,
    phrasings: PhrasingSet,
    field: str,
    words: _Words,
    meaning: Meaning,
) -> Meaning:
    """Say one field; return the meaning with it."""

    def one_of(choices: tuple[str, ...]) -> str:
        return choices[random.integers(len(choices))]

    if field in _PERIODS:
        period = _period(random, speaker, phrasings, field, meaning)
        words.add("" if field in _WITHOUT_LEAD else period.lead)
        words.add(period.text, "period")
        if field in _OTHERS:
            return replace(meaning, other=period)
        return replace(meaning, period=period)
    if field == "amount":
        pounds = int(random.choice(_AMOUNTS))
        words.add(one_of(phrasings.amounts).format(pounds=pounds), "amount")
        return replace(meaning, amount_pounds=pounds)
    if field == "category":
        category = one_of(tuple(phrasings.categories))
        words.add(one_of(phrasings.categories[category]), "category")
        # Who turns from a merchant to a category means all of it, and the other way round.
        return replace(meaning, category=category, merchant="")
    if field == "merchant":
        merchant = one_of(speaker.merchants)
        words.add(merchant, "merchant")
        return replace(meaning, merchant=merchant, category="")
    goal = one_of(speaker.goals)
    words.add(goal, "goal")
    return replace(meaning, goal=goal)


_PERIODS: Final = ("period", "bare", "back", "other", "other_bare")
_OTHERS: Final = ("other", "other_bare")
_WITHOUT_LEAD: Final = ("bare", "other_bare")


def _period(
    random: np.random.Generator,
    speaker: Speaker,
    phrasings: PhrasingSet,
    field: str,
    meaning: Meaning,
) -> SpokenPeriod:
    """Draw a period that makes sense where it stands."""
    if field == "back":
        # Told without anything before it, in a table of single utterances, it leans on any period.
        spoken = meaning.period or draw_period(random, speaker.today, phrasings, _COMPARED_UNIT)
        forms = phrasings.back[spoken.unit]
        return before(spoken, forms[random.integers(len(forms))])
    unit = _COMPARED_UNIT if meaning.intent == "compare_periods" else ""
    said = (meaning.period, meaning.other)
    while True:
        drawn = draw_period(random, speaker.today, phrasings, unit)
        if not unit or all(other is None or other.first != drawn.first for other in said):
            return drawn
