"""Fit both heads of the assistant on a frozen encoder."""

from dataclasses import dataclass

import numpy as np

from mlops_platform.models.selfmate.dataset import UtteranceDataset
from mlops_platform.models.selfmate.encoder import EncodedText, SentenceEncoder
from mlops_platform.models.selfmate.estimator import IntentClassifier
from mlops_platform.models.selfmate.export import intent_graph
from mlops_platform.models.selfmate.intent_rows import IntentRows
from mlops_platform.models.selfmate.intents import IntentReader
from mlops_platform.models.selfmate.known_spans import masked
from mlops_platform.models.selfmate.reading import OUT_OF_SCOPE
from mlops_platform.models.selfmate.slot_tagger import SlotTagger, slot_graph
from mlops_platform.models.selfmate.slots import SlotReader
from mlops_platform.models.selfmate.understanding import Understanding


class Encodings:
    """Texts that were encoded once already: searches ask for the same ones again and again."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self.encoder = encoder
        self._known: dict[str, EncodedText] = {}

    def __call__(self, text: str) -> EncodedText:
        """Return an encoded text."""
        if text not in self._known:
            self._known[text] = self.encoder.encode(text)
        return self._known[text]


@dataclass(frozen=True)
class Heads:
    """A fitted tagger and classifier."""

    tagger: SlotTagger
    classifier: IntentClassifier

    def on(self, encoder: SentenceEncoder) -> Understanding:
        """Return them as they will be served."""
        classifier = self.classifier
        return Understanding(
            encoder=encoder,
            slots=SlotReader.from_bytes(slot_graph(self.tagger).SerializeToString()),
            intents=IntentReader.from_bytes(
                intent_graph(classifier).SerializeToString(),
                classifier.classes_.tolist(),
                classifier.scope_.threshold_,
            ),
        )


def fit_heads(
    encodings: Encodings,
    rows: UtteranceDataset,
    *,
    alpha: float,
    max_false_rejection: float,
    random_state: int,
) -> Heads:
    """Fit the tagger on utterances, and the classifier on their sentences without the names.

    Parameters
    ----------
    encodings
        The encoder's.
    rows
        What to learn from.
    alpha
        See `SlotTagger`.
    max_false_rejection, random_state
        See `IntentClassifier`.
    """
    tagger = SlotTagger(alpha).fit([encodings(text) for text in rows.text], rows.slots)
    classifier = IntentClassifier(OUT_OF_SCOPE, max_false_rejection, random_state)
    sentences, inputs = intent_rows(encodings, rows)
    # Sentences that differ by their case or end alone are one wording.
    wordings = np.array([sentence.casefold().rstrip("?") for sentence in sentences])
    classifier.fit(inputs, rows.intent, wordings)
    return Heads(tagger, classifier)


def intent_rows(encodings: Encodings, rows: UtteranceDataset) -> tuple[list[str], IntentRows]:
    """Return utterances without the names in them, as text and as the classifier takes them."""
    sentences = [masked(text, spans) for text, spans in zip(rows.text, rows.slots, strict=True)]
    embeddings = np.stack([encodings(sentence).sentence for sentence in sentences])
    return sentences, IntentRows.of(sentences, embeddings)
