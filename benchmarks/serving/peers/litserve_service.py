"""The model in LitServe: ``python litserve_service.py GRAPH PORT``, in LitServe's environment."""

import sys
from pathlib import Path
from typing import Annotated

import litserve
import numpy as np
import onnxruntime
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

N_FEATURES = 30


class Row(BaseModel):
    """A request: finite numbers, as many as the model takes."""

    model_config = ConfigDict(extra="forbid")
    features: Annotated[list[FiniteFloat], Field(min_length=N_FEATURES, max_length=N_FEATURES)]


class Tabular(litserve.LitAPI):  # type: ignore[misc] # it is not in our environment
    """Runs the graph on one thread."""

    def __init__(self, graph: Path) -> None:
        super().__init__()
        self._graph = graph

    def setup(self, device: str) -> None:
        """Load the graph in the worker."""
        del device
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(self._graph), options)

    def decode_request(self, request: Row) -> np.ndarray:
        """Return the row as the graph takes it."""
        return np.array([request.features], np.float32)

    def predict(self, x: np.ndarray) -> float:
        """Return the positive class's probability."""
        return float(self._session.run(["probabilities"], {"rows": x})[0][0, 1])

    def encode_response(self, output: float) -> dict[str, float]:
        """Return the answer's JSON."""
        return {"probability": output}


if __name__ == "__main__":
    server = litserve.LitServer(
        Tabular(Path(sys.argv[1])), accelerator="cpu", workers_per_device=1, fast_queue=True
    )
    server.run(
        host="127.0.0.1",
        port=int(sys.argv[2]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
        access_log=False,
    )
