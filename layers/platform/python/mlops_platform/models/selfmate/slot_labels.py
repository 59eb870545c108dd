"""Spans of characters as a label for each token, and back (BIO)."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SLOTS: Final = ("amount", "category", "goal", "merchant", "period")
# Outside of all slots, then the beginning and the inside of each.
LABELS: Final = ("O", *(f"{part}-{name}" for name in SLOTS for part in "BI"))
_NEVER: Final = -1e9


class Span(NamedTuple):
    """A slot's first and past-the-last character, and its name."""

    start: int
    end: int
    name: str


def token_labels(offsets: Sequence[tuple[int, int]], slots: Iterable[Span]) -> NDArray[np.int64]:
    """Return the label of each token, indices into `LABELS`, of shape (n_tokens,).

    Parameters
    ----------
    offsets
        Each token's first and past-the-last character; (0, 0) for special tokens.
    slots
        Slots that do not overlap.

    Examples
    --------
    >>> labels = token_labels([(0, 0), (0, 2), (3, 7), (8, 13)], [Span(3, 13, "period")])
    >>> [LABELS[label] for label in labels]
    ['O', 'O', 'B-period', 'I-period']
    """
    labels = np.zeros(len(offsets), dtype=np.int64)
    for slot in slots:
        inside = [
            n for n, (start, end) in enumerate(offsets) if slot.start < end > start < slot.end
        ]
        labels[inside] = LABELS.index(f"I-{slot.name}")
        labels[inside[:1]] = LABELS.index(f"B-{slot.name}")
    return labels


def best_labels(scores: NDArray[np.floating]) -> list[int]:
    """Return the labels with the largest sum of scores in which each slot has a beginning.

    Parameters
    ----------
    scores
        Of each token and label, of shape (n_tokens, len(LABELS)), n_tokens >= 1.

    References
    ----------
    .. [1] Forney 1973, "The Viterbi algorithm".
    """
    best = scores[0] + _START
    came_from = []
    for row in scores[1:]:
        reached = best[:, None] + _TRANSITIONS
        came_from.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + row
    labels = [int(best.argmax())]
    for step in reversed(came_from):
        labels.append(int(step[labels[-1]]))
    return labels[::-1]


def spans_of(labels: Sequence[int], offsets: Sequence[tuple[int, int]]) -> list[Span]:
    """Return the slots that labels of `best_labels` mark."""
    spans: list[Span] = []
    for label, (start, end) in zip(labels, offsets, strict=True):
        part, _, name = LABELS[label].partition("-")
        # A special token has no characters.
        if start == end:
            continue
        if part == "B":
            spans.append(Span(start, end, name))
        elif part == "I" and spans:
            spans[-1] = spans[-1]._replace(end=end)
    return spans


def _is_possible(before: str, after: str) -> bool:
    return not after.startswith("I-") or before[1:] == after[1:]


_TRANSITIONS: Final = np.array(
    [[0.0 if _is_possible(one, other) else _NEVER for other in LABELS] for one in LABELS]
)
_START: Final = np.array([_NEVER if label.startswith("I-") else 0.0 for label in LABELS])
