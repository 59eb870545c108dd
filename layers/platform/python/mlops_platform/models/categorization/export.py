"""The categorization classifier, and what corrections do to it, as one ONNX graph."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, checker, helper, numpy_helper

from mlops_platform.models.categorization.corrections import MODEL_VOTES
from mlops_platform.models.categorization.estimator import TransactionClassifier
from mlops_platform.models.categorization.linear_head import UNSEEN_COLUMN

OPSET: Final = 15
# Of the graphs' format; understood by every ONNX Runtime from 1.14 on.
IR_VERSION: Final = 8


def to_onnx(classifier: TransactionClassifier) -> bytes:
    """Return a fitted classifier as a serialised graph.

    Its inputs are `HashedRows.padded`'s ``indices`` (int64) and ``values`` (float32), both of shape
    (n_rows, width), ``brand`` (int64) of shape (n_rows,), and `Corrections.votes` as ``votes``
    (float32) of shape (n_rows, n_classes), as is its output ``probabilities``. The votes move the
    probabilities as `corrections.posterior` does.
    """
    head = classifier.head_
    constants: dict[str, NDArray[Any]] = {
        "column_of": head.column_of_,
        "weights": head.weights_.astype(np.float32),
        "bias": head.bias_.astype(np.float32),
        "unseen_column": np.array(UNSEEN_COLUMN, dtype=np.int32),
        "known_scale": np.array(classifier.known_scale_, dtype=np.float32),
        "new_scale": np.array(classifier.new_scale_, dtype=np.float32),
        "row_axis": np.array([1], dtype=np.int64),
        "model_votes": np.array(MODEL_VOTES, dtype=np.float32),
    }
    nodes = [
        helper.make_node("Gather", ["column_of", "indices"], ["columns"]),
        helper.make_node("Gather", ["weights", "columns"], ["gathered"]),
        helper.make_node("Unsqueeze", ["values", "row_axis"], ["row_values"]),
        helper.make_node("MatMul", ["row_values", "gathered"], ["summed"]),
        helper.make_node("Squeeze", ["summed", "row_axis"], ["products"]),
        helper.make_node("Add", ["products", "bias"], ["scores"]),
        helper.make_node("Gather", ["column_of", "brand"], ["brand_column"]),
        helper.make_node("Equal", ["brand_column", "unseen_column"], ["is_new"]),
        helper.make_node("Where", ["is_new", "new_scale", "known_scale"], ["scale"]),
        helper.make_node("Unsqueeze", ["scale", "row_axis"], ["row_scale"]),
        helper.make_node("Mul", ["scores", "row_scale"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["model"], axis=1),
        # `corrections.posterior`.
        helper.make_node("Mul", ["model", "model_votes"], ["prior"]),
        helper.make_node("Add", ["prior", "votes"], ["counts"]),
        helper.make_node("ReduceSum", ["votes", "row_axis"], ["n_votes"], keepdims=1),
        helper.make_node("Add", ["n_votes", "model_votes"], ["total"]),
        helper.make_node("Div", ["counts", "total"], ["probabilities"]),
    ]
    n_classes = len(classifier.classes_)
    by_class: list[str | int | None] = ["rows", n_classes]
    graph = helper.make_graph(
        nodes,
        "categorization",
        [
            helper.make_tensor_value_info("indices", TensorProto.INT64, ["rows", "width"]),
            helper.make_tensor_value_info("values", TensorProto.FLOAT, ["rows", "width"]),
            helper.make_tensor_value_info("brand", TensorProto.INT64, ["rows"]),
            helper.make_tensor_value_info("votes", TensorProto.FLOAT, by_class),
        ],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, by_class)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
    checker.check_model(model)
    serialised: bytes = model.SerializeToString()
    return serialised
