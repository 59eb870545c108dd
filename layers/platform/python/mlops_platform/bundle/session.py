"""Run a bundle's graph with ONNX Runtime."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

ROWS = "rows"
PROBABILITIES = "probabilities"


def one_thread_session(graph: bytes) -> Any:
    """Load a graph for one thread that does not spin while it waits.

    Who serves has a share of one core: a second thread, or one that waits busily, makes the slowest
    answers a hundred times slower.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


@dataclass(frozen=True)
class OnnxGraph:
    """A graph that is run on one thread.

    Parameters
    ----------
    session
        ONNX Runtime's session.
    """

    session: Any

    @classmethod
    def from_bytes(cls, graph: bytes) -> Self:
        """Load a graph; see `one_thread_session`."""
        return cls(one_thread_session(graph))

    def run(self, output: str, feeds: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        """Return one output for inputs given by name."""
        (answer,) = self.run_all([output], feeds)
        computed: NDArray[np.float32] = answer
        return computed

    def run_all(
        self, outputs: Sequence[str], feeds: Mapping[str, NDArray[Any]]
    ) -> list[NDArray[Any]]:
        """Return several outputs of one run, in their order."""
        computed: list[NDArray[Any]] = self.session.run(list(outputs), dict(feeds))
        return computed


class OnnxClassifier(OnnxGraph):
    """A binary classifier's graph: rows in, the positive class's probability out.

    Its graph has one float input ``rows`` of shape (n, n_features) and an output ``probabilities``
    of shape (n, 2).
    """

    def predict_proba(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the positive class's probability for rows of shape (n, n_features)."""
        return self.run(PROBABILITIES, {ROWS: rows})[:, 1]
