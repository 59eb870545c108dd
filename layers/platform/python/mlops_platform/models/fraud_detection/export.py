"""The fraud classifiers as ONNX graphs."""

from typing import Final

import numpy as np
import onnx
import onnxmltools
import skl2onnx
from onnx import numpy_helper
from onnx.helper import make_node
from onnxmltools.convert.common.data_types import FloatTensorType as BoosterFloats
from skl2onnx.common.data_types import FloatTensorType

from mlops_platform.bundle.session import PROBABILITIES
from mlops_platform.models.fraud_detection.estimator import FraudClassifier
from mlops_platform.training.platt_scaling import SMALLEST_SCORE, PlattScaling

# Understood by every ONNX Runtime from 1.14 on.
OPSET = 15
_UNSCALED: Final = "unscaled_probabilities"


def to_onnx(classifier: FraudClassifier, n_features: int) -> bytes:
    """Return a fitted classifier as a serialised graph over float32 rows, calibration included."""
    model = classifier.model_
    if classifier.algorithm == "xgboost":
        # A fixed name: the default one is random and would change the bundle's hash.
        graph = onnxmltools.convert_xgboost(
            model,
            name="fraud_detection",
            initial_types=[("rows", BoosterFloats([None, n_features]))],
            target_opset=OPSET,
        )
    else:
        graph = skl2onnx.to_onnx(
            model,
            name="fraud_detection",
            initial_types=[("rows", FloatTensorType([None, n_features]))],
            options={"zipmap": False},
            target_opset=OPSET,
        )
    if classifier.scaling_ != PlattScaling():
        _append_scaling(graph.graph, classifier.scaling_)
    serialised: bytes = graph.SerializeToString()
    return serialised


def _append_scaling(graph: onnx.GraphProto, scaling: PlattScaling) -> None:
    """Scale the graph's probabilities, of shape (n, 2), as `PlattScaling.apply` does."""
    for node in graph.node:
        for place, name in enumerate(node.output):
            if name == PROBABILITIES:
                node.output[place] = _UNSCALED
    constants = {
        "positive": np.array([1], np.int64),
        "smallest": np.float32(SMALLEST_SCORE),
        "largest": np.float32(1.0 - SMALLEST_SCORE),
        "one": np.float32(1.0),
        "slope": np.float32(scaling.slope),
        "intercept": np.float32(scaling.intercept),
    }
    graph.initializer.extend(
        numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()
    )
    graph.node.extend(
        [
            make_node("Gather", [_UNSCALED, "positive"], ["score"], axis=1),
            make_node("Clip", ["score", "smallest", "largest"], ["p"]),
            make_node("Sub", ["one", "p"], ["q"]),
            make_node("Div", ["p", "q"], ["odds"]),
            make_node("Log", ["odds"], ["log_odds"]),
            make_node("Mul", ["log_odds", "slope"], ["sloped"]),
            make_node("Add", ["sloped", "intercept"], ["scaled"]),
            make_node("Sigmoid", ["scaled"], ["probability"]),
            make_node("Sub", ["one", "probability"], ["rest"]),
            make_node("Concat", ["rest", "probability"], [PROBABILITIES], axis=1),
        ]
    )
