"""Recommendation in service: a loaded bundle that answers requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from mlops_platform.bundle.reader import Bundle
from mlops_platform.bundle.session import OnnxGraph
from mlops_platform.errors import RequestValidationError
from mlops_platform.models.recommendation.catalogue import Catalogue, Customer
from mlops_platform.models.recommendation.history import Recency
from mlops_platform.models.recommendation.monitored import NAMES, monitored_rows
from mlops_platform.models.recommendation.ranking import ROWS_AT_ONCE, Ranking
from mlops_platform.models.recommendation.signature import COLUMNS, LIST_LENGTH, length_problems
from mlops_platform.serving.bundled_inference import BundledInference, require_features
from mlops_platform.serving.inference import Features, ModelInputs, States

FEATURE_VERSION: Final = 1
CATALOGUE: Final = "catalogue.json"
GRAPH_INPUTS: Final = ("history", "weights", "columns")


@dataclass(frozen=True)
class RecommendationInference(BundledInference):
    """One loaded bundle of recommendation.

    Parameters
    ----------
    graph
        Its graph.
    catalogue
        The names behind the graph's numbers.
    recency
        What the items of a history count.
    """

    graph: OnnxGraph
    catalogue: Catalogue
    recency: Recency

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> Self:
        """Load a verified bundle; raises as `from_folder`."""
        require_features(bundle, FEATURE_VERSION, NAMES)
        catalogue, recency = Catalogue.from_bytes(bundle.contents[CATALOGUE])
        return cls(bundle, OnnxGraph.from_bytes(bundle.model), catalogue, recency)

    def validate(self, features: Features) -> None:
        """Raise unless `features` fit the bundle's request signature, with a length within bounds.

        Raises
        ------
        RequestValidationError
            With every problem of the row.
        """
        problems = self.signature.problems_of(features) + length_problems(features)
        if problems:
            raise RequestValidationError(problems)

    def prepare(
        self,
        rows: Sequence[Features],
        states: States,  # noqa: ARG002 - of every model's interface; this one needs none
        occurred_at: Sequence[int],  # noqa: ARG002 - as above
    ) -> ModelInputs:
        """Return owned items, their weights and the customers' values of valid rows."""
        given = [self.signature.renamed(row) for row in rows]
        return self.prepare_customers([_customer(row) for row in given])

    def prepare_customers(self, customers: Sequence[Customer]) -> ModelInputs:
        """Return what the graph takes of one or more customers, with the lists' lengths."""
        owned = [self.catalogue.owned_items(each.owned) for each in customers]
        # The graph looks for the reason among at least one item.
        shape = (len(owned), max(1, *map(len, owned)))
        history = np.full(shape, len(self.catalogue.item_ids), dtype=np.int64)
        weights = np.zeros(shape, dtype=np.float32)
        for row, items in enumerate(owned):
            history[row, : len(items)] = items
            place = np.arange(len(items), 0, -1, dtype=np.float32)
            weights[row, : len(items)] = self.recency.weights(place)
        return ModelInputs(
            monitored=monitored_rows(self.catalogue, customers),
            feeds={
                "history": history,
                "weights": weights,
                "columns": np.stack([self.catalogue.column_rows(c.columns) for c in customers]),
                "n": np.array([each.n for each in customers], dtype=np.int64),
            },
        )

    def rank(self, inputs: ModelInputs) -> Ranking:
        """Return the best items of prepared customers, with what speaks for them."""
        n_rows = len(inputs.feeds["history"])
        parts = []
        for start in range(0, n_rows, ROWS_AT_ONCE):
            feeds = {
                name: inputs.feeds[name][start : start + ROWS_AT_ONCE] for name in GRAPH_INPUTS
            }
            parts.append(Ranking(*self.graph.run_all(Ranking.OUTPUTS, feeds)))
        return Ranking.joined(parts)

    def answer(self, inputs: ModelInputs) -> list[dict[str, Any]]:
        """Answer prepared rows in their order."""
        ranking = self.rank(inputs)
        history, lengths = inputs.feeds["history"], inputs.feeds["n"].tolist()
        return [
            self._answer(ranking, row, history[row], length) for row, length in enumerate(lengths)
        ]

    def _answer(
        self, ranking: Ranking, row: int, history: NDArray[np.int64], length: int
    ) -> dict[str, Any]:
        score = ranking.probabilities[row, :length].tolist()
        reasons = ranking.reasons_of(row, history, self.catalogue.titles)
        titles, item_ids = self.catalogue.titles, self.catalogue.item_ids
        items = [
            {"item_id": item_ids[item], "title": titles[item], "score": each, "reason": reason}
            for item, each, reason in zip(
                ranking.offered(row, length).tolist(), score, reasons, strict=False
            )
        ]
        return {"items": items, "confidence": min(sum(score), 1.0)}


def _customer(row: Mapping[str, Any]) -> Customer:
    return Customer(
        owned=[str(each) for each in row.get("owned", ())],
        columns={name: row.get(name) for name in COLUMNS},
        n=int(row.get("n", LIST_LENGTH)),
    )


def load_inference(folder: Path) -> RecommendationInference:
    """Load an unpacked bundle; see `RecommendationInference.from_folder`."""
    return RecommendationInference.from_folder(folder)
