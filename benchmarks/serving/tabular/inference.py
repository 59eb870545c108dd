"""The benchmark's model in service."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, Self

import numpy as np

from benchmarks.serving.tabular.signature import FEATURE_NAMES, FEATURE_VERSION
from mlops_platform.bundle.reader import Bundle
from mlops_platform.bundle.session import ROWS, OnnxClassifier
from mlops_platform.serving.bundled_inference import BundledInference, require_features
from mlops_platform.serving.inference import Features, ModelInputs, States

_NUMBERS: Final = itemgetter(*FEATURE_NAMES)


@dataclass(frozen=True)
class TabularInference(BundledInference):
    """One loaded bundle of the benchmark's model.

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
        rows: Sequence[Features],
        states: States,  # noqa: ARG002 - a row says all by itself
        occurred_at: Sequence[int],  # noqa: ARG002 - as above
    ) -> ModelInputs:
        """Return the numbers of valid rows in the graph's order; all of them are monitored."""
        numbers = np.array([_NUMBERS(row) for row in rows], np.float32)
        return ModelInputs(monitored=numbers, feeds={ROWS: numbers})

    def answer(self, inputs: ModelInputs) -> list[dict[str, Any]]:
        """Answer prepared rows in their order."""
        scores = self.classifier.predict_proba(inputs.feeds[ROWS]).tolist()
        return [{"probability": score} for score in scores]
