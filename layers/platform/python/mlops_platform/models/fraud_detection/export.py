"""The fraud classifiers as ONNX graphs."""

import onnxmltools
import skl2onnx
from onnxmltools.convert.common.data_types import FloatTensorType as BoosterFloats
from skl2onnx.common.data_types import FloatTensorType

from mlops_platform.models.fraud_detection.estimator import FraudClassifier

# Understood by every ONNX Runtime from 1.14 on.
OPSET = 15


def to_onnx(classifier: FraudClassifier, n_features: int) -> bytes:
    """Return a fitted classifier as a serialised graph over float32 rows."""
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
    serialised: bytes = graph.SerializeToString()
    return serialised
