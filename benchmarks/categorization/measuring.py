"""How good predicted categories and their probabilities are."""

from typing import Any

from benchmarks.categorization.baselines import baseline_predictions
from benchmarks.categorization.labelled_table import LabelledTable
from benchmarks.categorization.splits import Split
from mlops_platform.models.categorization.estimator import COVERAGE, TransactionClassifier
from mlops_platform.training.classification_metrics import (
    accuracy_at_coverage,
    expected_calibration_error,
    quality,
)


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
