"""Utterances as people type them: in a hurry, politely, or with a slip of the finger."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from mlops_platform.models.selfmate.dataset import UtteranceDataset
from mlops_platform.models.selfmate.slot_labels import Span

_OPENERS: Final = (
    "Hi, ",
    "Hey, ",
    "Hello, ",
    "Ok, ",
    "So, ",
    "Right, ",
    "Well, ",
    "Um, ",
    "Please, ",
    "Actually, ",
    "Sorry, ",
    "Quick question: ",
    "One more thing: ",
    "Just wondering, ",
    "By the way, ",
)
_CLOSERS: Final = (
    " please",
    " pls",
    " thanks",
    ", thank you",
    ", cheers",
    " if you can",
    " then",
    ", mate",
    " asap",
    "?",
    "...",
    "!",
)
_OPENER_SHARE: Final = 0.3
_CLOSER_SHARE: Final = 0.25
_CONTRACTION_SHARE: Final = 0.4
_SLIP_SHARE: Final = 0.35
# A shorter word with a letter wrong is another word.
_SLIP_WORD: Final = re.compile(r"[A-Za-z]{4,}")
_CONTRACTED: Final = (
    (re.compile(r"\b(what|how|where|who|that|it) is\b", re.IGNORECASE), r"\1's"),
    (re.compile(r"\bI have\b"), "I've"),
    (re.compile(r"\bI am\b"), "I'm"),
    (re.compile(r"\bdo not\b"), "don't"),
    (re.compile(r"(?<=[a-z])'(?=s\b|m\b|ve\b|t\b)"), ""),
)


def augmented(rows: UtteranceDataset, random_state: int) -> UtteranceDataset:
    """Return utterances, every second of them roughened where it names nothing.

    They get greetings and thanks around them, contractions without their apostrophes, and letters
    that are swapped, missing or doubled. What a slot says stays as it is.

    Parameters
    ----------
    rows
        The utterances.
    random_state
        Seed.
    """
    random = np.random.default_rng(random_state)
    texts, slots = rows.text.copy(), list(rows.slots)
    for row in np.flatnonzero(random.random(len(rows)) < 1 / 2):
        texts[row], slots[row] = roughened(random, texts[row], slots[row])
    return rows.saying(texts, slots)


def roughened(
    random: np.random.Generator, text: str, slots: Sequence[Span]
) -> tuple[str, tuple[Span, ...]]:
    """Return a text as somebody else might type it, and where its slots lie then."""
    parts = _between(text, slots)
    if random.random() < _CONTRACTION_SHARE:
        pattern, replacement = _CONTRACTED[random.integers(len(_CONTRACTED))]
        parts = [pattern.sub(replacement, part) for part in parts]
    if random.random() < _SLIP_SHARE:
        number = int(random.integers(len(parts)))
        parts[number] = _with_slip(random, parts[number])
    if random.random() < _OPENER_SHARE:
        parts[0] = _OPENERS[random.integers(len(_OPENERS))] + parts[0]
    if random.random() < _CLOSER_SHARE:
        parts[-1] = parts[-1].rstrip("?.!") + _CLOSERS[random.integers(len(_CLOSERS))]
    return _joined(parts, text, slots)


def _between(text: str, slots: Sequence[Span]) -> list[str]:
    """Return what stands before, between and after the slots."""
    starts = [0, *(span.end for span in slots)]
    ends = [*(span.start for span in slots), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _joined(parts: Sequence[str], text: str, slots: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    said, spans = parts[0], []
    for span, after in zip(slots, parts[1:], strict=True):
        start = len(said)
        said += text[span.start : span.end]
        spans.append(Span(start, len(said), span.name))
        said += after
    return said, tuple(spans)


def _with_slip(random: np.random.Generator, part: str) -> str:
    """Swap two letters of a word, drop one or double it."""
    words = list(_SLIP_WORD.finditer(part))
    if not words:
        return part
    word = words[random.integers(len(words))]
    at = word.start() + int(random.integers(1, len(word[0]) - 1))
    slips = (part[at + 1] + part[at], part[at + 1], part[at] + part[at : at + 2])
    return part[:at] + slips[random.integers(len(slips))] + part[at + 2 :]
