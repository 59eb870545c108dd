"""What the model read in one utterance."""

from dataclasses import dataclass

from mlops_platform.models.selfmate.intents import Intent


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
