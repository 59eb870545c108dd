"""What the model read in one utterance."""

import re
from dataclasses import dataclass
from typing import Final

from mlops_platform.models.selfmate.intents import Intent

# Intents that no tool answers: one leans on the question before, one is none of ours.
FOLLOW_UP: Final = "follow_up"
OUT_OF_SCOPE: Final = "out_of_scope"
COMPARE: Final = "compare_periods"
# English words of the closed classes: articles, prepositions, conjunctions, pronouns, auxiliaries,
# question words and quantifiers.
_FUNCTION_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "a about and any are at but did do does for from had has have how i if in is it just many "
        "me more much my of on only or other over please same so some than that the them then "
        "there these they this those to was were what when where which who with",
    )
)


@dataclass(frozen=True)
class Slot:
    """A part of an utterance that names something.

    Parameters
    ----------
    name
        What it names: ``category``, ``merchant``, ``goal``, ``period`` or ``amount``.
    text
        The words.
    start, end
        Their first and past-the-last character.
    """

    name: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """An utterance as the model reads it.

    Parameters
    ----------
    text
        The utterance.
    intent
        What it wants.
    slots
        What it names, in its order.
    n_tokens
        Its length for the encoder, special tokens included.
    """

    text: str
    intent: Intent
    slots: tuple[Slot, ...]
    n_tokens: int

    @property
    def wanted(self) -> str:
        """The intent to act on: what is foreign is `OUT_OF_SCOPE`, a fragment a `FOLLOW_UP`.

        A fragment names things and says nothing about them ("Tesco?", "and for March"): it makes
        sense only with the question before, however foreign it looks by itself. Two periods at
        once can only be compared.
        """
        wanted = self.intent.name
        if self._is_fragment():
            wanted = FOLLOW_UP
        elif self.intent.is_out_of_scope:
            return OUT_OF_SCOPE
        n_periods = sum(slot.name == "period" for slot in self.slots)
        return COMPARE if wanted == FOLLOW_UP and n_periods > 1 else wanted

    def _is_fragment(self) -> bool:
        rest = list(self.text)
        for slot in self.slots:
            rest[slot.start : slot.end] = " " * (slot.end - slot.start)
        said = re.findall(r"\w+", "".join(rest).casefold())
        return bool(self.slots) and _FUNCTION_WORDS.issuperset(said)
