"""The hybrid as an ONNX graph: history and what is seen in, the best items and scores out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, checker, helper, numpy_helper
from sklearn.utils.extmath import randomized_svd

from mlops_platform.models.recommendation.cold_items import lend
from mlops_platform.models.recommendation.hybrid import HybridRecommender
from mlops_platform.models.recommendation.linear_form import LinearForm

# Understood by every ONNX Runtime from 1.14 on.
OPSET: Final = 15
_IR_VERSION: Final = 8
# 3,000 items' weights are 36 MB; more are exported as factors.
MAX_DENSE_ITEMS: Final = 3_000
# 10,000 items then take 20 MB.
N_FACTORS: Final = 256
# Below every score; minus infinity would make NaN of later sums.
_SEEN_SCORE: Final = -1.0e30


def linear_form(
    model: HybridRecommender,
    max_dense_items: int = MAX_DENSE_ITEMS,
    n_factors: int = N_FACTORS,
) -> LinearForm:
    """Return a fitted hybrid's weights, truncated to factors where the catalogue is large.

    Parameters
    ----------
    model
        Fitted.
    max_dense_items
        Catalogues of more items get the approximation of rank `n_factors` that is best where it
        matters: the error of W[h, j] is weighed by the users who have h and those who have j. The
        whole matrix is in memory meanwhile.
    n_factors
        Rank.
    """
    n_items = len(model.popularity_)
    weights = np.zeros((n_items, n_items), dtype=np.float32)
    for name, part in model.parts_.items():
        weights += np.float32(model.scales_[name]) * part.dense()
    weights = lend(weights, model.borrowing_)
    bias = lend(model.popularity_[None].copy(), model.borrowing_)[0]
    if n_items <= max_dense_items:
        return LinearForm(None, weights, bias)
    left, right = _factors(weights, np.sqrt(model.n_users_ + 1.0), n_factors)
    return LinearForm(left, right, bias)


def _factors(
    weights: NDArray[np.float32], importance: NDArray[np.float32], n_factors: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the truncated singular value decomposition of importance * weights * importance.

    The importance, of shape (n_items,), is divided out of the factors again. Two power iterations
    are enough: the singular values fall off quickly, and each costs seconds with 10,000 items.
    """
    weighed = importance[:, None] * weights * importance
    left, values, right = randomized_svd(
        weighed, min(n_factors, len(weights)), n_iter=2, random_state=0
    )
    unweighed = (left * values) / importance[:, None]
    return unweighed.astype(np.float32), (right / importance).astype(np.float32)


def to_onnx(form: LinearForm, n_places: int) -> bytes:
    """Return a serialised graph that ranks the unseen items.

    Its inputs are ``history``, recency weights as float32 of shape (n, n_items), ``content``,
    scores that are added, of the same shape or (1, n_items) for all (zeros where there are none),
    and ``seen``, bool of shape (n, n_items). Its outputs are ``items``, int64 numbers, and
    ``scores``, both of shape (n, n_places), best first; a seen item's score is -1e30.
    """
    n_items = len(form.bias)
    constants: dict[str, NDArray[Any]] = {
        "right": form.right,
        "bias": form.bias,
        "seen_score": np.array(_SEEN_SCORE, dtype=np.float32),
        "n_places": np.array([min(n_places, n_items)], dtype=np.int64),
    }
    nodes = [
        helper.make_node("MatMul", ["reduced", "right"], ["collaborative"]),
        helper.make_node("Add", ["collaborative", "bias"], ["with_popularity"]),
        helper.make_node("Add", ["with_popularity", "content"], ["every_score"]),
        helper.make_node("Where", ["seen", "seen_score", "every_score"], ["open_scores"]),
        helper.make_node("TopK", ["open_scores", "n_places"], ["scores", "items"]),
    ]
    if form.left is None:
        nodes.insert(0, helper.make_node("Identity", ["history"], ["reduced"]))
    else:
        constants["left"] = form.left
        nodes.insert(0, helper.make_node("MatMul", ["history", "left"], ["reduced"]))
    return _serialised(nodes, constants, n_items)


def _serialised(
    nodes: Sequence[NodeProto], constants: Mapping[str, NDArray[Any]], n_items: int
) -> bytes:
    floats, bools, ints = TensorProto.FLOAT, TensorProto.BOOL, TensorProto.INT64
    graph = helper.make_graph(
        nodes,
        "recommendation",
        [
            helper.make_tensor_value_info("history", floats, ["n", n_items]),
            helper.make_tensor_value_info("content", floats, ["n_content", n_items]),
            helper.make_tensor_value_info("seen", bools, ["n", n_items]),
        ],
        [
            helper.make_tensor_value_info("items", ints, ["n", None]),
            helper.make_tensor_value_info("scores", floats, ["n", None]),
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR_VERSION
    )
    checker.check_model(model)
    serialised: bytes = model.SerializeToString()
    return serialised
