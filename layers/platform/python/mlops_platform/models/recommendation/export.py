"""A linear form as an ONNX graph: what is owned in; the best items, how likely, and why out."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, checker, helper, numpy_helper

from mlops_platform.models.recommendation.linear_form import LinearForm

# Understood by every ONNX Runtime from 1.14 on.
OPSET: Final = 15
_IR_VERSION: Final = 8
# Below every score; minus infinity would make NaN of later sums.
_NEVER: Final = np.float32(-1.0e30)

Constants = dict[str, NDArray[Any]]


def to_onnx(form: LinearForm, n_places: int, n_columns: int) -> bytes:
    """Return a serialised graph that ranks the items that are not owned.

    Its inputs are ``history``, int64 item numbers of shape (n, longest) filled up with n_items,
    ``weights``, float32 of the same shape, 0 where filled up, and ``columns``, int64 rows of the
    form's `by_column` of shape (n, n_columns), n_values for an unknown value. Its outputs are of
    shape (n, n_places), best item first: ``items``; their ``probabilities``, 0 for what is owned;
    ``reasons``, the place in the history of the item that adds most, with what it adds,
    ``by_owned``; and ``by_columns``, what the customer's columns add together.

    Parameters
    ----------
    form
        The model.
    n_places
        Items to be ranked; no more than there are.
    n_columns
        Columns of a customer.
    """
    nodes, constants = _scoring(form)
    more_nodes, more_constants = _explaining(form)
    ranking = [
        helper.make_node("Shape", ["history"], ["history_shape"]),
        helper.make_node("Expand", ["never", "history_shape"], ["closing"]),
        helper.make_node("ScatterElements", ["every", "history", "closing"], ["open"], axis=1),
        helper.make_node("Softmax", ["open"], ["share"], axis=1),
        # Where everything is owned, nothing is likely.
        helper.make_node("Equal", ["open", "never"], ["closed"]),
        helper.make_node("Where", ["closed", "nothing", "share"], ["every_probability"]),
        helper.make_node("TopK", ["open", "n_places"], ["scores", "items"]),
        _gather_elements("every_probability", "probabilities"),
        _gather_elements("every_by_columns", "by_columns"),
    ]
    places = np.array([min(n_places, form.n_items)], dtype=np.int64)
    constants |= {
        **more_constants,
        "never": np.array(_NEVER),
        "nothing": np.array(0.0, dtype=np.float32),
        "n_places": places,
    }
    return _serialised([*nodes, *ranking, *more_nodes], constants, n_columns)


def _scoring(form: LinearForm) -> tuple[list[NodeProto], Constants]:
    """Score every item, and one more that nobody is ever offered: what fills up histories."""
    rows = _padded(form.right, 1, 1) if form.left is None else _padded(form.left, 1, 0)
    constants: Constants = {
        "rows": rows,
        "by_column": _padded(form.by_column, 1, 1),
        "bias": np.append(form.bias, _NEVER).astype(np.float32),
        "axis_1": np.array([1], dtype=np.int64),
        "axis_2": np.array([2], dtype=np.int64),
    }
    if form.left is None:
        by_history = helper.make_node("Identity", ["reduced"], ["by_history"])
    else:
        constants["right"] = _padded(form.right, 0, 1)
        by_history = helper.make_node("MatMul", ["reduced", "right"], ["by_history"])
    return [
        helper.make_node("Gather", ["rows", "history"], ["history_rows"]),
        helper.make_node("Unsqueeze", ["weights", "axis_1"], ["row_of_weights"]),
        helper.make_node("MatMul", ["row_of_weights", "history_rows"], ["reduced_row"]),
        helper.make_node("Squeeze", ["reduced_row", "axis_1"], ["reduced"]),
        by_history,
        helper.make_node("Gather", ["by_column", "columns"], ["column_rows"]),
        helper.make_node("ReduceSum", ["column_rows", "axis_1"], ["every_by_columns"], keepdims=0),
        helper.make_node("Add", ["by_history", "every_by_columns"], ["personal"]),
        helper.make_node("Add", ["personal", "bias"], ["every"]),
    ], constants


def _explaining(form: LinearForm) -> tuple[list[NodeProto], Constants]:
    """Find which item of the history adds most to each item that is offered."""
    constants: Constants = {}
    if form.left is None:
        constants["whole"] = np.array([-1], dtype=np.int64)
        constants["row_length"] = np.array(form.n_items + 1, dtype=np.int64)
        nodes = [
            helper.make_node("Reshape", ["rows", "whole"], ["flat_rows"]),
            helper.make_node("Unsqueeze", ["history", "axis_2"], ["each_owned"]),
            helper.make_node("Unsqueeze", ["items", "axis_1"], ["each_item"]),
            helper.make_node("Mul", ["each_owned", "row_length"], ["row_start"]),
            helper.make_node("Add", ["row_start", "each_item"], ["cell"]),
            helper.make_node("Gather", ["flat_rows", "cell"], ["towards"]),
        ]
    else:
        nodes = [
            helper.make_node("Transpose", ["right"], ["item_factors"]),
            helper.make_node("Gather", ["item_factors", "items"], ["offered_factors"]),
            helper.make_node("Transpose", ["offered_factors"], ["factors_offered"], perm=[0, 2, 1]),
            helper.make_node("MatMul", ["history_rows", "factors_offered"], ["towards"]),
        ]
    return [
        *nodes,
        helper.make_node("Unsqueeze", ["weights", "axis_2"], ["each_weight"]),
        helper.make_node("Mul", ["towards", "each_weight"], ["added"]),
        helper.make_node("ArgMax", ["added"], ["reasons"], axis=1, keepdims=0),
        helper.make_node("ReduceMax", ["added"], ["by_owned"], axes=[1], keepdims=0),
    ], constants


def _gather_elements(source: str, output: str) -> NodeProto:
    return helper.make_node("GatherElements", [source, "items"], [output], axis=1)


def _padded(values: NDArray[np.float32], n_rows: int, n_columns: int) -> NDArray[np.float32]:
    """Return a matrix with further rows and columns of 0."""
    return np.pad(values, ((0, n_rows), (0, n_columns)))


def _serialised(nodes: list[NodeProto], constants: Constants, n_columns: int) -> bytes:
    floats, ints = TensorProto.FLOAT, TensorProto.INT64
    outputs = {
        "items": ints,
        "probabilities": floats,
        "reasons": ints,
        "by_owned": floats,
        "by_columns": floats,
    }
    graph = helper.make_graph(
        nodes,
        "recommendation",
        [
            helper.make_tensor_value_info("history", ints, ["n", "longest"]),
            helper.make_tensor_value_info("weights", floats, ["n", "longest"]),
            helper.make_tensor_value_info("columns", ints, ["n", n_columns]),
        ],
        [helper.make_tensor_value_info(name, kind, ["n", None]) for name, kind in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR_VERSION
    )
    checker.check_model(model)
    serialised: bytes = model.SerializeToString()
    return serialised
