"""From a chosen classifier to a bundle that is proved to answer alike."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from mlops_platform.bundle.manifest import MODEL, Manifest
from mlops_platform.bundle.parity import check_parity
from mlops_platform.bundle.reader import Bundle
from mlops_platform.bundle.writer import json_bytes
from mlops_platform.features.clock import DAY_SECONDS, format_instant
from mlops_platform.models.categorization.corrections import Corrections, posterior
from mlops_platform.models.categorization.dataset import CategorizationDataset
from mlops_platform.models.categorization.export import to_onnx
from mlops_platform.models.categorization.features import hashed_rows
from mlops_platform.models.categorization.inference import (
    CATEGORIES,
    CORRECTIONS,
    CategorizationInference,
)
from mlops_platform.models.categorization.monitored import NAMES
from mlops_platform.models.categorization.selection import LINEAR, LabelledRows, Selection
from mlops_platform.models.categorization.signature import CONTEXT, REQUEST, RESPONSE
from mlops_platform.models.categorization.text_features import FEATURE_VERSION
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.training.bundle_export import stateless_examples, write_drafted_bundle
from mlops_platform.training.reference_window import reference_window
from mlops_platform.training.splits import TimeSplit

N_EXAMPLES: Final = 10
SCORE_NAME: Final = "confidence"


def draft_inference(
    selection: Selection, corrections: Corrections, *, as_of: int, lineage: Mapping[str, Any]
) -> CategorizationInference:
    """Return the chosen classifier as it will answer, with what users corrected.

    Parameters
    ----------
    selection
        The chosen classifier.
    corrections
        What users said that it was not fitted on.
    as_of
        Epoch second before which data counted.
    lineage
        The manifest's own.
    """
    classifier = selection.classifier
    manifest = Manifest(
        model_name="categorization",
        algorithm=LINEAR,
        as_of=format_instant(as_of),
        request=REQUEST,
        response=RESPONSE,
        feature_version=FEATURE_VERSION,
        feature_names=NAMES,
        threshold=classifier.threshold_,
        parity={},
        lineage=lineage,
        files={},
    )
    contents = {
        MODEL: to_onnx(classifier),
        CATEGORIES: json_bytes(classifier.classes_.tolist()),
        CORRECTIONS: json_bytes(corrections.to_rows()),
    }
    return CategorizationInference.from_bundle(Bundle(manifest, contents))


def write_categorization_bundle(
    folder: Path,
    inference: CategorizationInference,
    selection: Selection,
    *,
    dataset: CategorizationDataset,
    split: TimeSplit,
    test: LabelledRows,
) -> dict[str, float]:
    """Write the bundle into a new folder; return the ``contract`` of `evaluation.json`.

    Parameters
    ----------
    folder
        Where to.
    inference
        What `draft_inference` returned, with every correction until `as_of`.
    selection
        What it was exported from.
    dataset, split, test
        What reference days, golden examples and parity are made of.

    Raises
    ------
    ParityError
        The graph differs from its source by more than the tolerance.
    """
    difference, n_compared = _parity(inference, selection, test)
    golden = stateless_examples(inference, _golden_requests(dataset))
    return write_drafted_bundle(
        folder,
        inference,
        golden=golden,
        reference=_learn_reference(dataset, inference, split),
        max_abs_diff=difference,
        n_parity_rows=n_compared,
        timed=golden[-1]["request"],
    )


def _parity(
    inference: CategorizationInference, selection: Selection, test: LabelledRows
) -> tuple[float, int]:
    """Compare graph and classifier on the test rows, and on the same ones without an amount.

    Returns the largest difference and the number of rows.
    """
    nameless = [each._replace(amount=float("nan")) for each in test.transactions]
    transactions = [*test.transactions, *nameless]
    inputs = inference.prepare_transactions(transactions)
    source = selection.classifier.predict_proba(hashed_rows(transactions))
    expected = posterior(source, inputs.feeds["votes"])
    return check_parity(expected, inference.probabilities(inputs)), len(transactions)


def _golden_requests(dataset: CategorizationDataset) -> list[dict[str, Any]]:
    """Return the last transactions as requests, and one of nothing but text."""
    requests: list[dict[str, Any]] = [
        {"description": "CORNER SHOP 12", "timestamp": format_instant(int(dataset.timestamp[-1]))}
    ]
    for row in range(max(len(dataset) - N_EXAMPLES, 0), len(dataset)):
        each = dataset.transactions[row]
        context = {name: each.context[name] for name in CONTEXT if each.context[name]}
        requests.append(
            {
                "description": each.descriptor,
                "amount": each.amount,
                "timestamp": format_instant(int(dataset.timestamp[row])),
                **context,
            }
        )
    return requests


def _learn_reference(
    dataset: CategorizationDataset, inference: CategorizationInference, split: TimeSplit
) -> ReferenceProfile:
    """Count the days of the reference window, labelled or not."""
    chosen = np.flatnonzero(reference_window(dataset.timestamp, split))
    inputs = inference.prepare_transactions(dataset.taken(chosen))
    return ReferenceProfile.learn(
        NAMES,
        inputs.monitored,
        inference.probabilities(inputs).max(axis=1),
        dataset.timestamp[chosen] // DAY_SECONDS,
        score_name=SCORE_NAME,
    )
