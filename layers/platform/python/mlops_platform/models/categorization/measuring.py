"""What the served answers are worth on the test rows, and what the champion's are."""

import dataclasses
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.categorization.dataset import CategorizationDataset
from mlops_platform.models.categorization.estimator import COVERAGE
from mlops_platform.models.categorization.inference import CategorizationInference
from mlops_platform.models.categorization.selection import LabelledRows
from mlops_platform.training.classification_metrics import (
    accuracy_at_coverage,
    expected_calibration_error,
    quality,
)
from mlops_platform.training.paired_difference import ACCURACY, paired_difference, user_blocks


class Answers(NamedTuple):
    """A bundle's categories and confidences for labelled rows, both of shape (n,)."""

    category: NDArray[np.str_]
    confidence: NDArray[np.float32]


def answers(inference: CategorizationInference, test: LabelledRows) -> Answers:
    """Ask a bundle about labelled rows."""
    probabilities = inference.probabilities(inference.prepare_transactions(test.transactions))
    categories = np.array(inference.classes)[probabilities.argmax(axis=1)]
    return Answers(categories, probabilities.max(axis=1))


def measure(answered: Answers, threshold: float, test: LabelledRows) -> dict[str, float]:
    """Return the metrics of answers to labelled rows, sure ones from a confidence on."""
    right = answered.category == test.category
    _, n_of_category = np.unique(test.category, return_counts=True)
    return {
        **quality(test.category, answered.category),
        "accuracy_at_80_coverage": accuracy_at_coverage(answered.confidence, right, COVERAGE),
        "coverage": float((answered.confidence >= threshold).mean()),
        "expected_calibration_error": expected_calibration_error(answered.confidence, right),
        "majority_accuracy": float(n_of_category.max() / len(test.category)),
        "n_rows": len(test.category),
    }


def segments(answered: Answers, test: LabelledRows) -> dict[str, dict[str, float]]:
    """Return accuracy by category, the largest first, with how many rows each has."""
    names, n_of_category = np.unique(test.category, return_counts=True)
    found = {}
    for place in np.argsort(-n_of_category, kind="stable"):
        mine = test.category == names[place]
        found[str(names[place])] = {
            "accuracy": float((answered.category[mine] == names[place]).mean()),
            "n_rows": int(n_of_category[place]),
        }
    return found


def beside_champion(
    champion: CategorizationInference,
    dataset: CategorizationDataset,
    test: LabelledRows,
    candidate: CategorizationInference,
    answered: Answers,
) -> tuple[dict[str, float], dict[str, Any]]:
    """Return the champion's metrics and the paired difference of a candidate to it.

    Both are given the candidate's corrections: the champion's own may know the test's labels.

    Parameters
    ----------
    champion
        Its bundle.
    dataset, test
        The data and the test rows.
    candidate, answered
        What the champion is compared with, with what users had said by the test's start, and its
        answers.
    """
    corrected = dataclasses.replace(champion, corrections=candidate.corrections)
    theirs = answers(corrected, test)
    block = user_blocks(dataset.user(row) for row in test.position)
    paired = paired_difference(answered.category, theirs.category, test.category, block, ACCURACY)
    return measure(theirs, champion.bundle.manifest.threshold, test), paired
