"""What the served answers are worth on the test rows, and what the champion's are."""

import dataclasses
import logging
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlops_platform.errors import BundleIntegrityError
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

logger = logging.getLogger(__name__)


def measure(inference: CategorizationInference, test: LabelledRows) -> dict[str, float]:
    """Return the metrics of a bundle's answers to labelled rows."""
    predicted, confidence = answers(inference, test)
    right = predicted == test.category
    confident = confidence >= inference.bundle.manifest.threshold
    _, n_of_category = np.unique(test.category, return_counts=True)
    return {
        **quality(test.category, predicted),
        "accuracy_at_80_coverage": accuracy_at_coverage(confidence, right, COVERAGE),
        "coverage": float(confident.mean()),
        "expected_calibration_error": expected_calibration_error(confidence, right),
        "majority_accuracy": float(n_of_category.max() / len(test.category)),
        "n_rows": len(test.category),
    }


def segments(inference: CategorizationInference, test: LabelledRows) -> dict[str, dict[str, float]]:
    """Return accuracy by category, the largest first, with how many rows each has."""
    predicted, _ = answers(inference, test)
    names, n_of_category = np.unique(test.category, return_counts=True)
    found = {}
    for place in np.argsort(-n_of_category, kind="stable"):
        mine = test.category == names[place]
        found[str(names[place])] = {
            "accuracy": float((predicted[mine] == names[place]).mean()),
            "n_rows": int(n_of_category[place]),
        }
    return found


def answers(
    inference: CategorizationInference, test: LabelledRows
) -> tuple[NDArray[np.str_], NDArray[np.float32]]:
    """Return a bundle's categories and confidences for labelled rows, both of shape (n,)."""
    probabilities = inference.probabilities(inference.prepare_transactions(test.transactions))
    categories = np.array(inference.classes)[probabilities.argmax(axis=1)]
    return categories, probabilities.max(axis=1)


def compare_with_champion(
    folder: Path,
    semantic_version: str,
    dataset: CategorizationDataset,
    test: LabelledRows,
    candidate: CategorizationInference,
) -> dict[str, Any] | None:
    """Return the champion's metrics and the paired difference; None if it cannot be measured.

    Both are given the candidate's corrections: the champion's own may know the test's labels. A
    champion whose bundle is damaged, or that wants other features than this code makes, is not
    measured: the gate then decides nothing by itself.

    Parameters
    ----------
    folder
        Its unpacked bundle.
    semantic_version
        What the registry calls it.
    dataset, test
        The data and the test rows.
    candidate
        What the champion is compared with, with what users had said by the test's start.
    """
    try:
        champion = CategorizationInference.from_folder(folder)
    except BundleIntegrityError as error:
        logger.warning("The champion was not measured: %s", error)
        return None
    champion = dataclasses.replace(champion, corrections=candidate.corrections)
    ours, _ = answers(candidate, test)
    theirs, _ = answers(champion, test)
    block = user_blocks(dataset.user(row) for row in test.position)
    return {
        "semantic_version": semantic_version,
        "bundle_sha256": champion.bundle_sha256,
        "metrics": measure(champion, test),
        "paired": paired_difference(ours, theirs, test.category, block, ACCURACY),
    }
