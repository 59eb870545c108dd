"""The champion's bundle, scored on the candidate's own test rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.fraud_detection.inference import FraudInference
from mlops_platform.models.fraud_detection.selection import LabelledRows
from mlops_platform.training.paired_difference import (
    AVERAGE_PRECISION,
    paired_difference,
    user_blocks,
)


def beside_champion(
    champion: FraudInference,
    test: LabelledRows,
    candidate: NDArray[np.float32],
    user_names: NDArray[np.object_],
) -> tuple[dict[str, float], dict[str, Any]]:
    """Return the champion's metrics and the paired difference of a candidate to it.

    Parameters
    ----------
    champion
        Its bundle.
    test, candidate
        The test rows and the candidate's scores of them, of shape (n,).
    user_names
        Names of the users that the rows' codes stand for.
    """
    score = champion.classifier.predict_proba(test.rows)
    block = user_blocks(map(str, user_names))[test.user]
    paired = paired_difference(candidate, score, test.is_fraud, block, AVERAGE_PRECISION)
    return test.metrics(score, champion.bundle.manifest.threshold), paired
