"""An answer's reasons add up to it, for each algorithm and through calibration."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mlops_platform.bundle.session import OnnxClassifier
from mlops_platform.explanations.tree_paths import TreePaths
from mlops_platform.explanations.tree_shap import TreeShap
from mlops_platform.models.fraud_detection.estimator import FraudClassifier
from mlops_platform.models.fraud_detection.explain_trees import trees_of
from mlops_platform.models.fraud_detection.explanation import SCALES, Explainer
from mlops_platform.models.fraud_detection.export import to_onnx
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES
from mlops_platform.training.parity_rows import parity_rows
from mlops_platform.training.platt_scaling import PlattScaling

N_FEATURES = len(FEATURE_NAMES)
SCALING = PlattScaling(slope=1.4, intercept=-0.7)
SMALL = {"xgboost": {"n_estimators": 30}, "random_forest": {"n_estimators": 5, "max_depth": 6}}


def rows(n: int, seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(n, N_FEATURES)).astype(np.float32)


def fitted(algorithm: str) -> FraudClassifier:
    given = rows(1_500, seed=0)
    classifier = FraudClassifier(algorithm, SMALL[algorithm])
    return classifier.fit(given, (given[:, 0] + given[:, 5] > 1.5).astype(np.int64))


@pytest.mark.parametrize("scaling", [PlattScaling(), SCALING])
def test_contributions_add_up_to_the_log_odds_that_are_served(scaling: PlattScaling) -> None:
    classifier = fitted("xgboost").calibrate(scaling)
    served = OnnxClassifier.from_bytes(to_onnx(classifier, N_FEATURES))
    explainer = Explainer(TreeShap(trees_of(classifier), N_FEATURES), SCALES["xgboost"])
    given = parity_rows(rows(20, seed=1))[:120]

    totals = np.array([explainer.explain(row)["total"] for row in given])

    np.testing.assert_allclose(1 / (1 + np.exp(-totals)), served.predict_proba(given), atol=1e-5)


def test_contributions_add_up_to_the_forest_s_probability() -> None:
    classifier = fitted("random_forest")
    explainer = Explainer(TreeShap(trees_of(classifier), N_FEATURES), SCALES["random_forest"])
    given = parity_rows(rows(20, seed=2))[:120]

    totals = [explainer.explain(row)["total"] for row in given]

    np.testing.assert_allclose(totals, classifier.predict_proba(given), atol=1e-5)


@pytest.mark.parametrize("algorithm", sorted(SCALES))
def test_the_graph_is_calibrated_as_the_classifier(algorithm: str) -> None:
    classifier = fitted(algorithm).calibrate(SCALING)
    served = OnnxClassifier.from_bytes(to_onnx(classifier, N_FEATURES))
    given = parity_rows(rows(50, seed=3))

    np.testing.assert_allclose(
        served.predict_proba(given), classifier.predict_proba(given), atol=1e-5
    )


def test_the_reasons_are_the_inputs_that_decide() -> None:
    classifier = fitted("xgboost")
    paths = TreePaths.from_bytes(trees_of(classifier).to_bytes())
    explainer = Explainer(TreeShap(paths, N_FEATURES), SCALES["xgboost"])
    row = np.zeros(N_FEATURES, np.float32)
    row[[0, 5]] = 3.0

    told = explainer.explain(row)

    names = [reason["input"] for reason in told["reasons"]]
    assert set(names[:2]) == {FEATURE_NAMES[0], FEATURE_NAMES[5]}
    assert all(reason["contribution"] > 0 for reason in told["reasons"][:2])
    assert told["reasons"][0]["value"] == 3.0
    assert told["total"] > told["expected"]


def test_a_missing_value_is_told_as_null() -> None:
    classifier = fitted("xgboost")
    explainer = Explainer(TreeShap(trees_of(classifier), N_FEATURES), SCALES["xgboost"])

    told = explainer.explain(np.full(N_FEATURES, np.nan, np.float32))

    assert {reason["value"] for reason in told["reasons"]} == {None}
