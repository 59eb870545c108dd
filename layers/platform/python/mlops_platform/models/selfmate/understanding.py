"""The model in service: an utterance in, what it wants and names out."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.selfmate.categories import nearest_category
from mlops_platform.models.selfmate.category_reader import CategoryReader
from mlops_platform.models.selfmate.encoder import SentenceEncoder
from mlops_platform.models.selfmate.intents import IntentReader
from mlops_platform.models.selfmate.known_spans import known_spans, masked, merged, trimmed
from mlops_platform.models.selfmate.reading import Reading, Slot
from mlops_platform.models.selfmate.slots import SlotReader
from mlops_platform.models.selfmate.tools.ledger import Ledger


@dataclass(frozen=True)
class Understanding:
    """The encoder with both of its heads.

    The encoder runs twice where something is named: once over the utterance, to find the names,
    and once over the sentence without them, to find the intent.

    Parameters
    ----------
    encoder, slots, intents, categories
        The loaded graphs.
    """

    encoder: SentenceEncoder
    slots: SlotReader
    intents: IntentReader
    categories: CategoryReader

    def read(self, text: str, ledger: Ledger) -> Reading:
        """Read an utterance of a user with this ledger."""
        encoded = self.encoder.encode(text)
        tagged = [trimmed(text, span) for span in self.slots.read(encoded)]
        spans = merged(tagged, known_spans(text, ledger))
        sentence = masked(text, spans)
        embedding = self.encoder.encode(sentence).sentence if spans else encoded.sentence
        return Reading(
            text=text,
            intent=self.intents.read(sentence, embedding),
            slots=tuple(
                Slot(span.name, text[span.start : span.end], span.start, span.end) for span in spans
            ),
            n_tokens=len(encoded.spans),
        )

    def nearest_category(self, said: str, categories: Sequence[str]) -> str | None:
        """Return the category that comes closest to a phrase in meaning, None if none is near."""
        return nearest_category(
            said, categories, self._embed, lambda text: self.categories.read(self._embed(text))
        )

    @functools.cached_property
    def _embed(self) -> Callable[[str], NDArray[np.float32]]:
        # The same phrases are compared again and again.
        return functools.lru_cache(maxsize=1_000)(lambda text: self.encoder.encode(text).sentence)
