"""From a chosen classifier to a bundle that is proved to answer alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlops_platform.bundle.manifest import MODEL, Manifest
from mlops_platform.bundle.parity import check_parity
from mlops_platform.bundle.reader import Bundle
from mlops_platform.bundle.session import OnnxClassifier
from mlops_platform.features.clock import format_instant
from mlops_platform.models.fraud_detection.dataset import FraudDataset
from mlops_platform.models.fraud_detection.explain_trees import trees_of
from mlops_platform.models.fraud_detection.explanation import TREES
from mlops_platform.models.fraud_detection.export import to_onnx
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES, FEATURE_VERSION
from mlops_platform.models.fraud_detection.golden import golden_examples
from mlops_platform.models.fraud_detection.inference import FraudInference
from mlops_platform.models.fraud_detection.selection import Selection
from mlops_platform.models.fraud_detection.signature import REQUEST, RESPONSE
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.training.bundle_export import write_drafted_bundle
from mlops_platform.training.parity_rows import parity_rows


@dataclass(frozen=True)
class ExportedModel:
    """The graph, loaded, and what the ONNX contract asks about it."""

    graph: bytes
    classifier: OnnxClassifier
    max_abs_diff: float
    n_parity_rows: int


def export_model(selection: Selection, rows: NDArray[np.float32]) -> ExportedModel:
    """Export the chosen classifier and compare both on rows of shape (n, n_features).

    Among the rows compared are many with missing values; see `parity_rows`.

    Raises
    ------
    ParityError
        They differ by more than the tolerance.
    """
    graph = to_onnx(selection.classifier, rows.shape[1])
    classifier = OnnxClassifier.from_bytes(graph)
    compared = parity_rows(rows)
    difference = check_parity(
        selection.classifier.predict_proba(compared), classifier.predict_proba(compared)
    )
    return ExportedModel(graph, classifier, difference, len(compared))


def write_fraud_bundle(
    folder: Path,
    selection: Selection,
    exported: ExportedModel,
    *,
    dataset: FraudDataset,
    states: Mapping[str, bytes],
    states_as_of: int,
    reference: ReferenceProfile,
    as_of: int,
    lineage: Mapping[str, Any],
) -> dict[str, float]:
    """Write the bundle into a new folder; return the ``contract`` of `evaluation.json`.

    Parameters
    ----------
    folder
        Where to.
    selection, exported
        The chosen classifier and its graph.
    dataset, states, states_as_of
        What golden examples are made of.
    reference
        What production will be compared with.
    as_of
        Epoch second before which data counted.
    lineage
        The manifest's own.
    """
    manifest = Manifest(
        model_name="fraud_detection",
        algorithm=selection.classifier.algorithm,
        as_of=format_instant(as_of),
        request=REQUEST,
        response=RESPONSE,
        feature_version=FEATURE_VERSION,
        feature_names=FEATURE_NAMES,
        threshold=selection.threshold,
        parity={},
        lineage=lineage,
        files={},
    )
    contents = {MODEL: exported.graph, TREES: trees_of(selection.classifier).to_bytes()}
    draft = FraudInference.from_bundle(Bundle(manifest, contents))
    golden = golden_examples(dataset, states, states_as_of, draft)
    return write_drafted_bundle(
        folder,
        draft,
        golden=golden,
        reference=reference,
        max_abs_diff=exported.max_abs_diff,
        n_parity_rows=exported.n_parity_rows,
        timed=golden[-1]["request"],
    )
