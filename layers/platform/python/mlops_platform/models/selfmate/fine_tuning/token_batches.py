"""Utterances as batches of tokens, padded, with what each is to be read as."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from mlops_platform.models.selfmate.dataset import UtteranceDataset
from mlops_platform.models.selfmate.known_spans import masked
from mlops_platform.models.selfmate.slot_labels import token_labels

Integers = NDArray[np.int64]
# A token id that is none, and its label, over which torch's cross-entropy passes.
PADDING: Final = -1
NO_LABEL: Final = -100


@dataclass(frozen=True)
class TokenBatch:
    """n utterances.

    Parameters
    ----------
    texts, masked_texts
        Token ids of shape (n, n_tokens) of each utterance and of its sentence without the names;
        `PADDING` where there is none.
    labels
        Slot labels of the utterance's tokens, indices into `slot_labels.LABELS`, of the shape of
        `texts`; `NO_LABEL` where there is none.
    intents
        Numbers of the intents, of shape (n,).
    """

    texts: Integers
    masked_texts: Integers
    labels: Integers
    intents: Integers

    def __len__(self) -> int:
        return len(self.intents)


@dataclass(frozen=True)
class TokenisedUtterances:
    """Utterances, tokenised once for all epochs."""

    texts: list[list[int]]
    masked_texts: list[list[int]]
    labels: list[Integers]
    intents: Integers

    @classmethod
    def of(cls, rows: UtteranceDataset, tokenizer: Tokenizer, intents: Sequence[str]) -> Self:
        """Tokenise utterances of some intents, whose numbers are their places."""
        encodings: list[Encoding] = [tokenizer.encode(text) for text in rows.text]
        sentences = [masked(text, spans) for text, spans in zip(rows.text, rows.slots, strict=True)]
        number = {intent: place for place, intent in enumerate(intents)}
        return cls(
            texts=[encoding.ids for encoding in encodings],
            masked_texts=[tokenizer.encode(sentence).ids for sentence in sentences],
            labels=[
                token_labels(encoding.offsets, spans)
                for encoding, spans in zip(encodings, rows.slots, strict=True)
            ],
            intents=np.array([number[intent] for intent in rows.intent], dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.texts)

    def batches(self, order: Integers, size: int) -> Iterator[TokenBatch]:
        """Yield the utterances in an order, of shape (n,), up to `size` at a time."""
        for start in range(0, len(order), size):
            chosen = order[start : start + size]
            yield TokenBatch(
                texts=_padded([self.texts[row] for row in chosen], PADDING),
                masked_texts=_padded([self.masked_texts[row] for row in chosen], PADDING),
                labels=_padded([self.labels[row] for row in chosen], NO_LABEL),
                intents=self.intents[chosen],
            )


def _padded(rows: Sequence[Sequence[int] | Integers], padding: int) -> Integers:
    table = np.full((len(rows), max(len(row) for row in rows)), padding, dtype=np.int64)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table
