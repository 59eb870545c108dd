"""The slot tagger in service: token embeddings in, spans out."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from mlops_platform.bundle.session import OnnxGraph
from mlops_platform.models.selfmate.encoder import EncodedText
from mlops_platform.models.selfmate.slot_labels import Span, best_labels, spans_of

STATES: Final = "states"
SCORES: Final = "scores"


@dataclass(frozen=True)
class SlotReader:
    """A loaded tagger.

    Parameters
    ----------
    graph
        A graph that `slot_tagger.slot_graph` built.
    """

    graph: OnnxGraph

    @classmethod
    def from_bytes(cls, graph: bytes) -> Self:
        """Load a graph."""
        return cls(OnnxGraph.from_bytes(graph))

    def scores(self, tokens: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return each label's score of token embeddings (n_tokens, hidden)."""
        return self.graph.run(SCORES, {STATES: windows(tokens)})

    def read(self, encoded: EncodedText) -> list[Span]:
        """Return the slots of an encoded text, in their order."""
        return spans_of(best_labels(self.scores(encoded.tokens)), encoded.spans)


def windows(tokens: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return each token's state between its neighbours', of shape (n_tokens, 3 * hidden)."""
    padded = np.pad(tokens, ((1, 1), (0, 0)))
    return np.concatenate([padded[:-2], tokens, padded[2:]], axis=1)
