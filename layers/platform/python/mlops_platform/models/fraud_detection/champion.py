"""The champion's bundle, scored on the candidate's own test rows."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlops_platform.errors import BundleIntegrityError
from mlops_platform.models.fraud_detection.inference import FraudInference
from mlops_platform.models.fraud_detection.selection import LabelledRows
from mlops_platform.training.paired_difference import (
    AVERAGE_PRECISION,
    paired_difference,
    user_blocks,
)

logger = logging.getLogger(__name__)


def compare_with_champion(
    folder: Path,
    semantic_version: str,
    test: LabelledRows,
    candidate: NDArray[np.float32],
    user_names: NDArray[np.object_],
) -> dict[str, Any] | None:
    """Return the champion's metrics and the paired difference; None if it cannot be measured.

    A champion whose bundle is damaged, or that wants other features than this code makes, is not
    measured: the gate then decides nothing by itself.

    Parameters
    ----------
    folder
        Its unpacked bundle.
    semantic_version
        What the registry calls it.
    test, candidate
        The test rows and the candidate's scores of them, of shape (n,).
    user_names
        Names of the users that the rows' codes stand for.
    """
    try:
        champion = FraudInference.from_folder(folder)
    except BundleIntegrityError as error:
        logger.warning("The champion was not measured: %s", error)
        return None
    score = champion.classifier.predict_proba(test.rows)
    blocks = user_blocks(map(str, user_names))
    paired = paired_difference(
        candidate, score, test.is_fraud, blocks[test.user], AVERAGE_PRECISION
    )
    return {
        "semantic_version": semantic_version,
        "bundle_sha256": champion.bundle_sha256,
        "metrics": test.metrics(score, champion.bundle.manifest.threshold),
        "paired": paired,
    }
