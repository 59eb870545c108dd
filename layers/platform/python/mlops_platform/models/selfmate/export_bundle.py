"""From fitted heads to a bundle that is proved to answer alike."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from mlops_platform.bundle.manifest import MODEL, Manifest
from mlops_platform.bundle.parity import check_parity
from mlops_platform.bundle.reader import Bundle
from mlops_platform.bundle.writer import json_bytes
from mlops_platform.features.clock import DAY_SECONDS, format_instant
from mlops_platform.models.selfmate.category_graph import COMMON, category_graph
from mlops_platform.models.selfmate.encoder import SentenceEncoder
from mlops_platform.models.selfmate.export import intent_graph
from mlops_platform.models.selfmate.golden import golden_requests
from mlops_platform.models.selfmate.head_fit import Encodings, Heads, intent_rows
from mlops_platform.models.selfmate.inference import (
    CATEGORIES,
    CATEGORY_NAMES,
    INTENT_NAMES,
    INTENTS,
    SLOTS,
    TOKENIZER,
    SelfMateInference,
)
from mlops_platform.models.selfmate.measuring import Understood
from mlops_platform.models.selfmate.monitored import FEATURE_VERSION, NAMES, monitored_rows
from mlops_platform.models.selfmate.selection import HEADS
from mlops_platform.models.selfmate.signature import REQUEST, RESPONSE
from mlops_platform.models.selfmate.slot_tagger import slot_graph
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.training.bundle_export import stateless_examples, write_drafted_bundle

SCORE_NAME: Final = "confidence"


def draft_inference(
    heads: Heads,
    *,
    encoder: bytes,
    tokenizer: bytes,
    as_of: int,
    lineage: Mapping[str, Any],
) -> SelfMateInference:
    """Return fitted heads as they will answer.

    Parameters
    ----------
    heads
        The heads.
    encoder, tokenizer
        The graph that they were fitted on, and its ``tokenizer.json``.
    as_of
        Epoch second before which data counted.
    lineage
        The manifest's own.
    """
    classifier = heads.classifier
    embeddings = SentenceEncoder.from_bytes(encoder, tokenizer).sentence_embeddings
    manifest = Manifest(
        model_name="selfmate",
        algorithm=HEADS,
        as_of=format_instant(as_of),
        request=REQUEST,
        response=RESPONSE,
        feature_version=FEATURE_VERSION,
        feature_names=NAMES,
        threshold=classifier.scope_.threshold_,
        parity={},
        lineage=lineage,
        files={},
    )
    contents = {
        MODEL: encoder,
        TOKENIZER: tokenizer,
        INTENTS: intent_graph(classifier).SerializeToString(),
        INTENT_NAMES: json_bytes(classifier.classes_.tolist()),
        SLOTS: slot_graph(heads.tagger).SerializeToString(),
        CATEGORIES: category_graph(embeddings).SerializeToString(),
        CATEGORY_NAMES: json_bytes(COMMON),
    }
    return SelfMateInference.from_bundle(Bundle(manifest, contents))


def write_selfmate_bundle(
    folder: Path,
    inference: SelfMateInference,
    heads: Heads,
    encodings: Encodings,
    test: Understood,
    as_of: int,
) -> dict[str, float]:
    """Write the bundle into a new folder; return the ``contract`` of `evaluation.json`.

    Parameters
    ----------
    folder
        Where to.
    inference
        What `draft_inference` returned.
    heads, encodings
        What it was exported from.
    test
        What it read in the test's utterances, of which reference days and parity are made.
    as_of
        Epoch second at which golden examples are asked.

    Raises
    ------
    ParityError
        A graph differs from its source by more than the tolerance.
    """
    difference, n_compared = _parity(inference, heads, encodings, test)
    requests = golden_requests(as_of)
    return write_drafted_bundle(
        folder,
        inference,
        golden=stateless_examples(inference, requests),
        reference=_reference(test),
        max_abs_diff=difference,
        n_parity_rows=n_compared,
        timed=requests[0],
    )


def _parity(
    inference: SelfMateInference, heads: Heads, encodings: Encodings, test: Understood
) -> tuple[float, int]:
    """Compare the heads' graphs with their sources on the test's utterances.

    Returns the largest difference and the number of utterances.
    """
    sentences, rows = intent_rows(encodings, test.rows)
    read = [
        inference.understanding.intents.scores(sentence, embedding)
        for sentence, embedding in zip(sentences, rows.embeddings, strict=True)
    ]
    pairs = [
        (heads.classifier.predict_proba(rows), [probabilities for probabilities, _ in read]),
        (heads.classifier.oos_score(rows), [score for _, score in read]),
        *(
            (heads.tagger.decision_function(each), inference.understanding.slots.scores(each))
            for each in (encodings(text).tokens for text in test.rows.text)
        ),
    ]
    differences = [
        check_parity(np.asarray(source, np.float32), np.asarray(exported, np.float32))
        for source, exported in pairs
    ]
    return max(differences), len(sentences)


def _reference(test: Understood) -> ReferenceProfile:
    """Count the days of the test's utterances, which nothing was fitted on."""
    confidence = [reading.intent.probability for reading in test.readings]
    return ReferenceProfile.learn(
        NAMES,
        monitored_rows(test.readings),
        np.array(confidence, dtype=np.float32),
        test.rows.timestamp // DAY_SECONDS,
        score_name=SCORE_NAME,
    )
