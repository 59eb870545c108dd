"""Frauds may be the few rows at a feature's end: the booster's bins must be fine enough there."""

from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

from mlops_platform.models.fraud_detection.estimator import FraudClassifier

N_ROWS = 20_000
# One in a thousand: a quarter of one of 256 bins.
N_FRAUDS = 20


def precision_of(hyperparameters: dict[str, Any]) -> float:
    """Return the average precision where the largest values, and only they, are fraud."""
    rows = np.random.default_rng(0).permutation(N_ROWS).astype(np.float32)[:, np.newaxis]
    is_fraud = (rows[:, 0] >= N_ROWS - N_FRAUDS).astype(np.int64)
    few = {"n_estimators": 20, "min_child_weight": 0.0}
    classifier = FraudClassifier("xgboost", few | hyperparameters).fit(rows, is_fraud)
    return float(average_precision_score(is_fraud, classifier.predict_proba(rows)))


def test_the_largest_values_are_told_apart() -> None:
    assert precision_of({}) > 0.95


def test_the_librarys_own_bins_would_not_do() -> None:
    assert precision_of({"max_bin": 256}) < 0.5
