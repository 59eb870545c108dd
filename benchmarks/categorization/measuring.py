"""How good predicted categories and their probabilities are."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score

from benchmarks.categorization.baselines import baseline_predictions
from benchmarks.categorization.labelled_table import LabelledTable
from benchmarks.categorization.splits import Split
from mlops_platform.models.categorization.estimator import COVERAGE, TransactionClassifier

N_BINS = 15
Labels = NDArray[np.str_]


def measure(table: LabelledTable, split: Split) -> dict[str, Any]:
    """Fit on the split's training rows and measure on its test rows, baselines beside."""
    model = TransactionClassifier().fit(table.rows.take(split.train), table.label[split.train])
    probabilities = model.predict_proba(table.rows.take(split.test))
    truth = table.label[split.test]
    predicted = model.classes_[probabilities.argmax(axis=1)]
    confidence, right = probabilities.max(axis=1), predicted == truth
    answered = model.answers(probabilities)
    return {
        **quality(truth, predicted),
        "accuracy_at_80_coverage": accuracy_at_coverage(confidence, right, COVERAGE),
        "threshold": model.threshold_,
        "coverage_at_threshold": float(answered.mean()),
        "accuracy_at_threshold": float(right[answered].mean()) if answered.any() else None,
        "expected_calibration_error": expected_calibration_error(confidence, right),
        "n_train": len(split.train),
        "n_test": len(split.test),
        "origin": split.origin,
        "baselines": {
            name: quality(truth, labels)
            for name, labels in baseline_predictions(table, split).items()
        },
    }


def quality(truth: Labels, predicted: Labels) -> dict[str, float]:
    """Return accuracy and macro-F1, the latter over the classes that are true or predicted."""
    return {
        "accuracy": float(accuracy_score(truth, predicted)),
        "macro_f1": float(f1_score(truth, predicted, average="macro", zero_division=0.0)),
    }


def accuracy_at_coverage(
    confidence: NDArray[np.float32], right: NDArray[np.bool_], coverage: float
) -> float:
    """Return the accuracy on this share of rows, the most confident ones; ties by position.

    Examples
    --------
    >>> accuracy_at_coverage(np.float32([.9, .5, .8, .7, .6]), np.array([1, 0, 1, 1, 0]) > 0, .8)
    0.75
    """
    n_answered = max(int(np.ceil(coverage * len(confidence))), 1)
    order = np.argsort(-confidence, kind="stable")
    return float(right[order[:n_answered]].mean())


def expected_calibration_error(confidence: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """Return the mean distance of confidence and accuracy over `N_BINS` bins of equal width.

    References
    ----------
    .. [1] Naeini et al. 2015, "Obtaining well calibrated probabilities using Bayesian binning".

    Examples
    --------
    >>> expected_calibration_error(np.float32([.75, .75, .75, .75]), np.array([1, 1, 1, 0]) > 0)
    0.0
    """
    bins = np.minimum((confidence * N_BINS).astype(np.int64), N_BINS - 1)
    gaps = np.bincount(bins, confidence.astype(np.float64) - right, minlength=N_BINS)
    return float(np.abs(gaps).sum() / len(confidence))
