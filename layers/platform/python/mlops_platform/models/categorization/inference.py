"""Categorization in service: a loaded bundle that answers requests."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from mlops_platform.bundle.reader import Bundle
from mlops_platform.bundle.session import PROBABILITIES, OnnxGraph
from mlops_platform.models.categorization.corrections import Corrections
from mlops_platform.models.categorization.features import Transaction, from_request, hashed_rows
from mlops_platform.models.categorization.monitored import NAMES, monitored_rows
from mlops_platform.models.categorization.text_features import FEATURE_VERSION, brand_key
from mlops_platform.serving.bundled_inference import BundledInference, require_features
from mlops_platform.serving.inference import ModelInputs, States

CATEGORIES: Final = "categories.json"
CORRECTIONS: Final = "corrections.json"


@dataclass(frozen=True)
class CategorizationInference(BundledInference):
    """One loaded bundle of categorization.

    Parameters
    ----------
    graph
        Its graph.
    classes
        The categories, in the order of the graph's output.
    corrections
        What users said of brands until the training.
    """

    graph: OnnxGraph
    classes: tuple[str, ...]
    corrections: Corrections

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> Self:
        """Load a verified bundle; raises as `from_folder`."""
        require_features(bundle, FEATURE_VERSION, NAMES)
        return cls(
            bundle,
            OnnxGraph.from_bytes(bundle.model),
            tuple(json.loads(bundle.contents[CATEGORIES])),
            Corrections.from_rows(json.loads(bundle.contents[CORRECTIONS])),
        )

    def prepare(
        self,
        rows: Sequence[Mapping[str, Any]],
        states: States,  # noqa: ARG002 - of every model's interface; this one needs none
        occurred_at: Sequence[int],
    ) -> ModelInputs:
        """Return hashed text, amount and context of valid rows, and what users said before."""
        given = [self.signature.renamed(row) for row in rows]
        return self.prepare_transactions(
            [from_request(row, moment) for row, moment in zip(given, occurred_at, strict=True)]
        )

    def prepare_transactions(self, transactions: Sequence[Transaction]) -> ModelInputs:
        """Return what the graph takes of one or more transactions."""
        votes = np.stack([self._votes(each) for each in transactions])
        rows = hashed_rows(transactions)
        indices, values = rows.padded()
        return ModelInputs(
            monitored=monitored_rows(transactions, votes),
            feeds={"indices": indices, "values": values, "brand": rows.brand, "votes": votes},
        )

    def probabilities(self, inputs: ModelInputs) -> NDArray[np.float32]:
        """Return the probability of each category, of shape (n, n_classes)."""
        return self.graph.run(PROBABILITIES, inputs.feeds)

    def answer(self, inputs: ModelInputs) -> list[dict[str, Any]]:
        """Answer prepared rows in their order."""
        probabilities = self.probabilities(inputs)
        best = probabilities.argmax(axis=1)
        confidence = probabilities.max(axis=1)
        threshold = self.bundle.manifest.threshold
        return [
            {
                "category": self.classes[index],
                "confidence": score,
                "is_confident": score >= threshold,
                "threshold": threshold,
            }
            for index, score in zip(best.tolist(), confidence.tolist(), strict=True)
        ]

    def _votes(self, transaction: Transaction) -> NDArray[np.float32]:
        user = transaction.context.get("user_id") or ""
        return self.corrections.votes(self.classes, user, brand_key(transaction.descriptor))


def load_inference(folder: Path) -> CategorizationInference:
    """Load an unpacked bundle; see `CategorizationInference.from_folder`."""
    return CategorizationInference.from_folder(folder)
