"""What the model read in one utterance."""

import re
from dataclasses import dataclass
from typing import Final

from mlops_platform.models.selfmate.function_words import names_nothing
from mlops_platform.models.selfmate.intents import Intent

# Intents that no tool answers: one leans on the question before, one is none of ours.
FOLLOW_UP: Final = "follow_up"
OUT_OF_SCOPE: Final = "out_of_scope"
COMPARE: Final = "compare_periods"
# Not the "that" of "all that I spent", nor the "there" of "how many were there".
_REFERENCE: Final = re.compile(
    r"\b(?:those|these|them|(?:is|of|was|were) that|(?<!are )(?<!is )(?<!was )(?<!were )there)\b"
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

    @property
    def standing_alone(self) -> str:
        """The likeliest intent of an utterance that leans on nothing; what is foreign has none."""
        if self.intent.is_out_of_scope:
            return OUT_OF_SCOPE
        return self.intent.runner_up if self.intent.name == FOLLOW_UP else self.intent.name

    @property
    def refers_back(self) -> bool:
        """Whether a word stands for what was spoken of before: "how many purchases was that?"."""
        return bool(_REFERENCE.search(self._rest))

    def _is_fragment(self) -> bool:
        return bool(self.slots) and names_nothing(self._rest)

    @property
    def _rest(self) -> str:
        """The text with blanks for what it names."""
        rest = list(self.text.casefold())
        for slot in self.slots:
            rest[slot.start : slot.end] = " " * (slot.end - slot.start)
        return "".join(rest)
