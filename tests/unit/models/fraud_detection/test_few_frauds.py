"""Where frauds are few in all, not only rare, the booster's leaves must be small enough."""

from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

from mlops_platform.models.fraud_detection.estimator import FraudClassifier

N_ROWS = 4_000
N_FRAUDS = 40


def precision_of(hyperparameters: dict[str, Any]) -> float:
    """Return the average precision on rows of a world in which two large features make a fraud."""
    random = np.random.default_rng(0)

    def drawn() -> tuple[np.ndarray, np.ndarray]:
        rows = random.random((N_ROWS, 2), dtype=np.float32)
        return rows, (rows.min(axis=1) > 1.0 - (N_FRAUDS / N_ROWS) ** 0.5).astype(np.int64)

    classifier = FraudClassifier("xgboost", hyperparameters).fit(*drawn())
    rows, is_fraud = drawn()
    return float(average_precision_score(is_fraud, classifier.predict_proba(rows)))


def test_forty_frauds_are_enough_to_learn_from() -> None:
    assert precision_of({}) > 0.9


def test_leaves_of_twenty_frauds_would_find_nothing() -> None:
    assert precision_of({"min_child_weight": 20.0}) < 0.1
