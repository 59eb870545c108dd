"""The leaves of scikit-learn's random forest behind an imputer of medians."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.explanations.tree_paths import Condition, Leaf, TreePaths

_NO_CHILD: Final = -1
_POSITIVE: Final = 1


def paths_of_forest(pipeline: Any) -> TreePaths:
    """Return the paths of a binary classifier; their answers are probabilities.

    Parameters
    ----------
    pipeline
        scikit-learn's, of a fitted imputer and a fitted forest.

    Raises
    ------
    ValueError
        No tree asks for any input.
    """
    imputer, forest = (step for _, step in pipeline.steps)
    medians = np.asarray(imputer.statistics_, np.float32)
    trees = [estimator.tree_ for estimator in forest.estimators_]
    leaves = (
        (value / len(trees), conditions)
        for tree in trees
        for value, conditions in _leaves(tree, medians)
    )
    return TreePaths.from_leaves(leaves, offset=0.0)


def _leaves(tree: Any, medians: NDArray[np.float32]) -> Iterator[Leaf]:
    share_positive = tree.value[:, 0, _POSITIVE] / tree.value[:, 0].sum(axis=1)
    # A row goes left up to and including the threshold, and rows are float32.
    bound = np.nextafter(_at_most(tree.threshold), np.float32(np.inf))
    pending: list[tuple[int, dict[int, Condition]]] = [(0, {})]
    while pending:
        node, conditions = pending.pop()
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left == _NO_CHILD:
            yield float(share_positive[node]), conditions
            continue
        feature = int(tree.feature[node])
        imputed_left = bool(medians[feature] < bound[node])
        for child in (right, left):
            is_left = child == left
            condition = Condition(
                lower=-np.inf if is_left else float(bound[node]),
                upper=float(bound[node]) if is_left else np.inf,
                takes_missing=imputed_left == is_left,
                share=float(
                    tree.weighted_n_node_samples[child] / tree.weighted_n_node_samples[node]
                ),
            )
            before = conditions.get(feature, Condition())
            pending.append((child, {**conditions, feature: before.narrowed(condition)}))


def _at_most(threshold: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the largest float32 that is not above a float64."""
    rounded = threshold.astype(np.float32)
    above = rounded.astype(np.float64) > threshold
    return np.where(above, np.nextafter(rounded, np.float32(-np.inf)), rounded)
