"""How good scores of a rare event are."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from mlops_platform.errors import TrainingDataError
from mlops_platform.training.card_precision import card_precision

Int64s = NDArray[np.int64]
TARGET_PRECISION: Final = 0.9


def fraud_metrics(
    score: NDArray[np.float32], is_fraud: Int64s, card: Int64s, day: Int64s, threshold: float
) -> dict[str, float]:
    """Return the metrics of scored transactions, all columns of shape (n,).

    ``majority_accuracy`` is what calling everything genuine reaches: accuracy means something only
    beside it.

    Raises
    ------
    TrainingDataError
        There is no fraud, or nothing else, among the rows.
    """
    n_positive = int(is_fraud.sum())
    if not 0 < n_positive < len(is_fraud):
        raise TrainingDataError(
            f"{n_positive} of {len(is_fraud)} transactions to be judged are known as fraud; both "
            "kinds are needed. Add labelled transactions, or choose a later as_of."
        )
    return {
        "average_precision": float(average_precision_score(is_fraud, score)),
        "auc_roc": float(roc_auc_score(is_fraud, score)),
        "accuracy": float(np.mean((score >= threshold) == (is_fraud == 1))),
        "majority_accuracy": max(n_positive, len(is_fraud) - n_positive) / len(is_fraud),
        "card_precision_100": card_precision(score, is_fraud, card, day),
        "recall_at_precision_90": recall_at_precision(score, is_fraud, TARGET_PRECISION),
        "n_rows": len(is_fraud),
        "n_positive": n_positive,
    }


def recall_at_precision(score: NDArray[np.float32], is_fraud: Int64s, precision: float) -> float:
    """Return the largest recall that keeps the precision, 0 if none does.

    Examples
    --------
    >>> recall_at_precision(np.float32([.9, .8, .7, .1]), np.int64([1, 1, 0, 1]), 0.9)
    0.6666666666666666
    """
    precisions, recalls, _ = precision_recall_curve(is_fraud, score)
    return float(recalls[precisions >= precision].max())
