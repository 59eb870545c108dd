"""The leaves of a gradient-boosted ensemble, from XGBoost's own JSON model format."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mlops_platform.explanations.tree_paths import Condition, Leaf, TreePaths

_NO_CHILD: Final = -1


def paths_of_booster(model: bytes) -> TreePaths:
    """Return the paths of a binary logistic model; their answers are log-odds.

    Parameters
    ----------
    model
        What ``Booster.save_raw("json")`` returned.

    Raises
    ------
    ValueError
        No tree asks for any input.
    """
    learner = json.loads(model)["learner"]
    trees = learner["gradient_booster"]["model"]["trees"]
    # One number, which newer versions write as a list of one.
    mean = float(learner["learner_model_param"]["base_score"].strip("[]"))
    leaves = (leaf for tree in trees for leaf in _leaves(tree))
    return TreePaths.from_leaves(leaves, offset=math.log(mean / (1.0 - mean)))


def _leaves(tree: Mapping[str, Sequence[Any]]) -> Iterator[Leaf]:
    left, right = tree["left_children"], tree["right_children"]
    feature, threshold = tree["split_indices"], tree["split_conditions"]
    goes_left, cover = tree["default_left"], tree["sum_hessian"]
    pending: list[tuple[int, dict[int, Condition]]] = [(0, {})]
    while pending:
        node, conditions = pending.pop()
        if left[node] == _NO_CHILD:
            # XGBoost keeps a leaf's value where a split keeps its threshold.
            yield threshold[node], conditions
            continue
        for child in (right[node], left[node]):
            is_left = child == left[node]
            condition = Condition(
                lower=-math.inf if is_left else threshold[node],
                upper=threshold[node] if is_left else math.inf,
                takes_missing=bool(goes_left[node]) == is_left,
                share=cover[child] / cover[node],
            )
            before = conditions.get(feature[node], Condition())
            pending.append((child, {**conditions, feature[node]: before.narrowed(condition)}))
