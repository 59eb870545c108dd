"""The model in BentoML: ``bentoml serve bentoml_service:Tabular``, in BentoML's environment.

The variable ``GRAPH`` names the ONNX file.
"""

import os
from typing import Annotated

import bentoml
import numpy as np
import onnxruntime
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

N_FEATURES = 30


class Row(BaseModel):
    """A request: finite numbers, as many as the model takes."""

    model_config = ConfigDict(extra="forbid")
    features: Annotated[list[FiniteFloat], Field(min_length=N_FEATURES, max_length=N_FEATURES)]


class Score(BaseModel):
    """An answer: the positive class's probability."""

    probability: float


@bentoml.service(
    workers=1,
    logging={"access": {"enabled": False}},
    metrics={"enabled": False},
    tracing={"sample_rate": 0.0},
)
class Tabular:
    """Runs the graph on one thread."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(os.environ["GRAPH"], options)

    @bentoml.api(input_spec=Row)  # type: ignore[untyped-decorator] # not in our environment
    async def predict(self, **row: list[float]) -> Score:
        """Answer one row; it computes on the event loop, since a thread costs more than the sum."""
        rows = np.array([row["features"]], np.float32)
        probabilities = self._session.run(["probabilities"], {"rows": rows})[0]
        return Score(probability=float(probabilities[0, 1]))
