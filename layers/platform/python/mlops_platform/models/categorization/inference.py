"""Categorization in service: a loaded bundle that answers requests."""

import functools
import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from mlops_platform.bundle.reader import Bundle, open_bundle
from mlops_platform.bundle.session import PROBABILITIES, OnnxGraph
from mlops_platform.bundle.signature import problems_of, renamed
from mlops_platform.errors import BundleIntegrityError, RequestValidationError
from mlops_platform.models.categorization.corrections import Corrections
from mlops_platform.models.categorization.features import Transaction, hashed_rows
from mlops_platform.models.categorization.monitored import NAMES, monitored_rows
from mlops_platform.models.categorization.signature import CONTEXT
from mlops_platform.models.categorization.text_features import FEATURE_VERSION, brand_key
from mlops_platform.serving.inference import ModelInputs, States, occurrence

CATEGORIES: Final = "categories.json"
CORRECTIONS: Final = "corrections.json"


@dataclass(frozen=True)
class CategorizationInference:
    """One loaded bundle of categorization.

    Parameters
    ----------
    bundle
        The verified bundle.
    graph
        Its graph.
    classes
        The categories, in the order of the graph's output.
    corrections
        What users said of brands until the training.
    """

    bundle: Bundle
    graph: OnnxGraph
    classes: tuple[str, ...]
    corrections: Corrections

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Verify and load the bundle in a folder.

        Raises
        ------
        BundleIntegrityError
            A file is not the one that the manifest names, or the features are of another version.
        """
        return cls.from_bundle(open_bundle(folder))

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> Self:
        """Load a verified bundle; raises as `from_folder`."""
        trained_on = (bundle.manifest.feature_version, tuple(bundle.manifest.feature_names))
        if trained_on != (FEATURE_VERSION, NAMES):
            raise BundleIntegrityError(
                f"The bundle was trained on features of version {trained_on[0]}; this function "
                f"makes version {FEATURE_VERSION}. Train the model again, or deploy the code that "
                "it was trained with."
            )
        return cls(
            bundle,
            OnnxGraph.from_bytes(bundle.model),
            tuple(json.loads(bundle.contents[CATEGORIES])),
            Corrections.from_rows(json.loads(bundle.contents[CORRECTIONS])),
        )

    @functools.cached_property
    def bundle_sha256(self) -> str:
        """The content hash of the bundle, 64 hexadecimal digits; every record names it."""
        return self.bundle.sha256

    def golden_examples(self) -> list[dict[str, Any]]:
        """Return requests with the answers they must get."""
        return self.bundle.golden_examples()

    def validate(self, features: Mapping[str, Any]) -> None:
        """Raise unless `features` fit the bundle's request signature.

        Raises
        ------
        RequestValidationError
            With every problem of the row.
        """
        problems = problems_of(features, self.bundle.manifest.request)
        if problems:
            raise RequestValidationError(problems)

    def required_entities(self, features: Mapping[str, Any]) -> list[str]:  # noqa: ARG002
        """Return nothing: all that is known of users and brands is in the bundle."""
        return []

    def prepare(
        self,
        rows: Sequence[Mapping[str, Any]],
        states: States,  # noqa: ARG002 - of every model's interface; this one needs none
        occurred_at: Sequence[int],
    ) -> ModelInputs:
        """Return hashed text, amount and context of valid rows, and what users said before."""
        given = [renamed(row, self.bundle.manifest.request) for row in rows]
        return self.prepare_transactions(
            [_transaction(row, moment) for row, moment in zip(given, occurred_at, strict=True)]
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

    def predict_batch(
        self, rows: Sequence[Mapping[str, Any]], states: States
    ) -> list[dict[str, Any]]:
        """Answer valid rows in their order; a row without a timestamp happens now."""
        now = int(time.time())
        occurred_at = [occurrence(row, now) for row in rows]
        return self.answer(self.prepare(rows, states, occurred_at))

    def _votes(self, transaction: Transaction) -> NDArray[np.float32]:
        user = transaction.context.get("user_id") or ""
        return self.corrections.votes(self.classes, user, brand_key(transaction.descriptor))


def _transaction(row: Mapping[str, Any], moment: int) -> Transaction:
    """Return the transaction of a valid row under the signature's own names."""
    amount = row.get("amount")
    return Transaction(
        descriptor=row["description"],
        amount=math.nan if amount is None else float(amount),
        context={name: str(row[name]) if name in row else None for name in CONTEXT},
        timestamp=moment,
    )


def load_inference(folder: Path) -> CategorizationInference:
    """Load an unpacked bundle; see `CategorizationInference.from_folder`."""
    return CategorizationInference.from_folder(folder)
