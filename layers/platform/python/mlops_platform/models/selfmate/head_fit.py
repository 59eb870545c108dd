"""Fit both heads of the assistant on a frozen encoder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import Birch

from mlops_platform.models.selfmate.augmentation import augmented
from mlops_platform.models.selfmate.category_graph import COMMON, category_graph
from mlops_platform.models.selfmate.category_reader import CategoryReader
from mlops_platform.models.selfmate.dataset import UtteranceDataset
from mlops_platform.models.selfmate.encoder import EncodedText, SentenceEncoder
from mlops_platform.models.selfmate.estimator import IntentClassifier
from mlops_platform.models.selfmate.export import intent_graph
from mlops_platform.models.selfmate.intent_rows import IntentRows
from mlops_platform.models.selfmate.intents import IntentReader
from mlops_platform.models.selfmate.known_spans import known_spans, masked, merged
from mlops_platform.models.selfmate.reading import OUT_OF_SCOPE
from mlops_platform.models.selfmate.slot_tagger import SlotTagger, slot_graph
from mlops_platform.models.selfmate.slots import SlotReader
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.understanding import Understanding

# Sentences of an intent whose embeddings lie so close together, as a part of how far sentences lie
# apart, say the same in nearly the same words.
_WORDING_RADIUS: Final = 0.5


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

    def sentence_embeddings(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the sentence embeddings of texts, of shape (n, hidden)."""
        return np.stack([self(text).sentence for text in texts])


@dataclass(frozen=True)
class Heads:
    """A fitted tagger and classifier."""

    tagger: SlotTagger
    classifier: IntentClassifier

    def on(self, encodings: Encodings) -> Understanding:
        """Return them as they will be served."""
        classifier = self.classifier
        return Understanding(
            encoder=encodings.encoder,
            slots=SlotReader.from_bytes(slot_graph(self.tagger).SerializeToString()),
            intents=IntentReader.from_bytes(
                intent_graph(classifier).SerializeToString(),
                classifier.classes_.tolist(),
                classifier.scope_.threshold_,
            ),
            categories=CategoryReader.from_bytes(
                category_graph(encodings.sentence_embeddings).SerializeToString(), COMMON
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
    rows = augmented(rows, random_state)
    tagger = SlotTagger(alpha).fit([encodings(text) for text in rows.text], rows.slots)
    classifier = IntentClassifier(OUT_OF_SCOPE, max_false_rejection, random_state)
    _, inputs = intent_rows(encodings, rows)
    classifier.fit(inputs, rows.intent, _wordings(inputs.embeddings, rows.intent))
    return Heads(tagger, classifier)


def _wordings(embeddings: NDArray[np.float32], intents: NDArray[np.str_]) -> NDArray[np.int64]:
    """Return for each sentence (n, hidden) a number that nearly equal ones share, of shape (n,).

    In production nobody speaks as the training rows do: heads must be judged on sentences of which
    they have not learnt near relatives.
    """
    spread = np.sqrt(embeddings.var(axis=0).sum())
    clusters = Birch(threshold=_WORDING_RADIUS * spread, n_clusters=None).fit_predict(embeddings)
    known, intent = np.unique(intents, return_inverse=True)
    return np.asarray(clusters * len(known) + intent, dtype=np.int64)


def intent_rows(encodings: Encodings, rows: UtteranceDataset) -> tuple[list[str], IntentRows]:
    """Return utterances without the names in them, as text and as the classifier takes them.

    What grammar and the common categories' phrases find is taken out as it is in service: nobody
    labels what an utterance names that is out of scope.
    """
    sentences = [
        masked(text, merged(spans, known_spans(text, Ledger())))
        for text, spans in zip(rows.text, rows.slots, strict=True)
    ]
    return sentences, IntentRows.of(sentences, encodings.sentence_embeddings(sentences))
