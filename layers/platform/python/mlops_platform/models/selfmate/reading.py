"""What the model read in one utterance."""

import re
from dataclasses import dataclass
from typing import Final

from mlops_platform.models.selfmate.intents import Intent

# Intents that no tool answers: one leans on the question before, one is none of ours.
FOLLOW_UP: Final = "follow_up"
OUT_OF_SCOPE: Final = "out_of_scope"
# Words that say nothing by themselves.
_FUNCTION_WORDS: Final = frozenset(
    "a about and at for from how in just my of on only or please the then to what with".split()  # noqa: SIM905
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
        sense only with the question before, however foreign it looks by itself.
        """
        if self._is_fragment():
            return FOLLOW_UP
        return OUT_OF_SCOPE if self.intent.is_out_of_scope else self.intent.name

    def _is_fragment(self) -> bool:
        rest = list(self.text)
        for slot in self.slots:
            rest[slot.start : slot.end] = " " * (slot.end - slot.start)
        said = re.findall(r"\w+", "".join(rest).casefold())
        return bool(self.slots) and _FUNCTION_WORDS.issuperset(said)
