"""Churn in service: a loaded bundle that answers requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from mlops_platform.bundle.reader import Bundle
from mlops_platform.bundle.session import ROWS, OnnxClassifier
from mlops_platform.models.churn.features import FEATURE_NAMES, FEATURE_VERSION, feature_rows
from mlops_platform.serving.bundled_inference import BundledInference, require_features
from mlops_platform.serving.inference import ModelInputs, States


@dataclass(frozen=True)
class ChurnInference(BundledInference):
    """One loaded bundle of churn.

    Parameters
    ----------
    classifier
        Its graph.
    """

    classifier: OnnxClassifier

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> Self:
        """Load a verified bundle; raises as `from_folder`."""
        require_features(bundle, FEATURE_VERSION, FEATURE_NAMES)
        return cls(bundle, OnnxClassifier.from_bytes(bundle.model))

    def prepare(
        self,
        rows: Sequence[Mapping[str, Any]],
        states: States,  # noqa: ARG002 - of every model's interface; this one needs none
        occurred_at: Sequence[int],  # noqa: ARG002 - as above
    ) -> ModelInputs:
        """Return the features of valid rows; all of them are monitored."""
        names = ("days_since_last", "n_30d", "n_90d")
        features = feature_rows(*(np.array([float(row[name]) for row in rows]) for name in names))
        return ModelInputs(monitored=features, feeds={ROWS: features})

    def answer(self, inputs: ModelInputs) -> list[dict[str, Any]]:
        """Answer rows of features in their order."""
        threshold = self.bundle.manifest.threshold
        scores = self.classifier.predict_proba(inputs.feeds[ROWS]).tolist()
        return [
            {"churn_probability": score, "has_left": score >= threshold, "threshold": threshold}
            for score in scores
        ]


def load_inference(folder: Path) -> ChurnInference:
    """Load an unpacked bundle; see `ChurnInference.from_folder`."""
    return ChurnInference.from_folder(folder)
