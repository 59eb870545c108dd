"""The trees of a fitted classifier, for whoever explains its answers."""

import dataclasses

import numpy as np

from mlops_platform.explanations.forest_leaves import paths_of_forest
from mlops_platform.explanations.tree_paths import TreePaths
from mlops_platform.explanations.xgboost_leaves import paths_of_booster
from mlops_platform.models.fraud_detection.estimator import FraudClassifier


def trees_of(classifier: FraudClassifier) -> TreePaths:
    """Return the paths whose sum is the answer: calibrated log-odds, or a forest's probability.

    Calibration is linear in log-odds, so it moves into the leaves and the offset; a forest's
    average of probabilities does not split that way, and is explained before calibration.
    """
    if classifier.algorithm != "xgboost":
        return paths_of_forest(classifier.model_)
    paths = paths_of_booster(bytes(classifier.model_.get_booster().save_raw("json")))
    scaling = classifier.scaling_
    return dataclasses.replace(
        paths,
        value=paths.value * np.float32(scaling.slope),
        offset=paths.offset * scaling.slope + scaling.intercept,
    )
