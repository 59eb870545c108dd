"""Run a bundle's graph with ONNX Runtime."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

ROWS = "rows"
PROBABILITIES = "probabilities"


@dataclass(frozen=True)
class OnnxClassifier:
    """A binary classifier's graph: rows in, the positive class's probability out.

    Parameters
    ----------
    session
        ONNX Runtime's session of a graph with one float input ``rows`` of shape (n, n_features) and
        an output ``probabilities`` of shape (n, 2).
    """

    session: Any

    @classmethod
    def from_bytes(cls, graph: bytes) -> Self:
        """Load a graph for one thread.

        A function has a share of one core: a second thread, or one that spins while it waits,
        makes the slowest answers a hundred times slower.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        providers = ["CPUExecutionProvider"]
        return cls(onnxruntime.InferenceSession(graph, options, providers=providers))

    def predict_proba(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the positive class's probability for rows of shape (n, n_features)."""
        (probabilities,) = self.session.run([PROBABILITIES], {ROWS: rows})
        positive: NDArray[np.float32] = probabilities[:, 1]
        return positive
