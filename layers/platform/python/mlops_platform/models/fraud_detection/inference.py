"""Fraud detection in service: a loaded bundle that answers requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mlops_platform.bundle.reader import Bundle
from mlops_platform.bundle.session import ROWS, OnnxClassifier
from mlops_platform.explanations.tree_paths import TreePaths
from mlops_platform.explanations.tree_shap import TreeShap
from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.amounts import to_minor
from mlops_platform.features.identity import entity_name
from mlops_platform.features.incremental import aggregates_at
from mlops_platform.features.state import EntityState
from mlops_platform.models.fraud_detection.explanation import SCALES, TREES, Explainer
from mlops_platform.models.fraud_detection.features import (
    FEATURE_NAMES,
    FEATURE_VERSION,
    feature_rows,
)
from mlops_platform.serving.bundled_inference import BundledInference, require_features
from mlops_platform.serving.inference import ModelInputs

_ENTITIES = ((EntityKind.USER, "user_id"), (EntityKind.MERCHANT, "merchant_id"))


@dataclass(frozen=True)
class FraudInference(BundledInference):
    """One loaded bundle of fraud detection.

    Parameters
    ----------
    classifier
        Its graph.
    explainer
        Says why; None for a bundle that is older than explanations.
    """

    classifier: OnnxClassifier
    explainer: Explainer | None

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> Self:
        """Load a verified bundle; raises as `from_folder`."""
        require_features(bundle, FEATURE_VERSION, FEATURE_NAMES)
        explainer = None
        if TREES in bundle.contents:
            paths = TreePaths.from_bytes(bundle.contents[TREES])
            explainer = Explainer(
                TreeShap(paths, len(FEATURE_NAMES)), SCALES[bundle.manifest.algorithm]
            )
        return cls(bundle, OnnxClassifier.from_bytes(bundle.model), explainer)

    def required_entities(self, features: Mapping[str, Any]) -> list[str]:
        """Return the user and the merchant of a valid row, as far as it names them."""
        row = self.signature.renamed(features)
        return [entity_name(kind, str(row[field])) for kind, field in _ENTITIES if field in row]

    def prepare(
        self,
        rows: Sequence[Mapping[str, Any]],
        states: Mapping[str, EntityState],
        occurred_at: Sequence[int],
    ) -> ModelInputs:
        """Return the features of valid rows; all of them are monitored.

        Parameters
        ----------
        rows
            Features as requested.
        states
            By entity; an absent one has no past.
        occurred_at
            When each row happened, epoch seconds.
        """
        given = [self.signature.renamed(row) for row in rows]
        user, merchant = (
            np.array(
                [
                    _aggregates(kind, row.get(field), moment, states)
                    for row, moment in zip(given, occurred_at, strict=True)
                ],
                dtype=np.int64,
            )
            for kind, field in _ENTITIES
        )
        amounts = np.array([to_minor(float(row["amount"])) for row in given], dtype=np.int64)
        features = feature_rows(amounts, np.array(occurred_at, dtype=np.int64), user, merchant)
        return ModelInputs(monitored=features, feeds={ROWS: features})

    def answer(self, inputs: ModelInputs) -> list[dict[str, Any]]:
        """Answer rows of features in their order."""
        rows = inputs.feeds[ROWS]
        scores = self.classifier.predict_proba(rows).tolist()
        return [self._answer(score, row) for score, row in zip(scores, rows, strict=True)]

    def _answer(self, score: float, row: NDArray[np.float32]) -> dict[str, Any]:
        threshold = self.bundle.manifest.threshold
        answer: dict[str, Any] = {
            "fraud_probability": score,
            "is_fraud": score >= threshold,
            "threshold": threshold,
        }
        if self.explainer is not None:
            answer["explanation"] = self.explainer.explain(row)
        return answer


def _aggregates(
    kind: EntityKind, identifier: object, moment: int, states: Mapping[str, EntityState]
) -> list[int]:
    state = None if identifier is None else states.get(entity_name(kind, str(identifier)))
    return aggregates_at(state or EntityState(kind), moment)


def load_inference(folder: Path) -> FraudInference:
    """Load an unpacked bundle; see `FraudInference.from_folder`."""
    return FraudInference.from_folder(folder)
