"""Which common category comes nearest in meaning: a graph that holds what they are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from mlops_platform.bundle.session import OnnxGraph

EMBEDDING: Final = "embedding"
NEARNESS: Final = "nearness"


@dataclass(frozen=True)
class CategoryReader:
    """The loaded graph.

    Parameters
    ----------
    graph
        A graph that `category_graph` built.
    names
        The categories in the order of its output.
    """

    graph: OnnxGraph
    names: Sequence[str]

    @classmethod
    def from_bytes(cls, graph: bytes, names: Sequence[str]) -> Self:
        """Load a graph."""
        return cls(OnnxGraph.from_bytes(graph), names)

    def read(self, embedding: NDArray[np.float32]) -> Mapping[str, float]:
        """Return the cosine of an embedding (hidden,) with each category's nearest phrase."""
        (nearness,) = self.graph.run(NEARNESS, {EMBEDDING: embedding[None]})
        return dict(zip(self.names, nearness.tolist(), strict=True))
