"""When labels come, and how often they are wrong or never come."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.world.observed import Labels


def fraud_labels(is_fraud: NDArray[np.bool_], labels: Labels) -> dict[str, float]:
    """Return how rare fraud is, and how its labels differ from the truth.

    Parameters
    ----------
    is_fraud
        The truth of each transaction, of shape (n,).
    labels
        What is said of them.
    """
    known = ~np.isnan(labels.delay_days)
    said = known & (labels.value == 1)
    return {
        "fraud_share": float(is_fraud.mean()),
        "report_delay_median_days": float(np.median(labels.delay_days[said])),
        "genuine_delay_median_days": float(np.median(labels.delay_days[known & ~said])),
        # Of the frauds with a label, those that it does not tell.
        "fraud_missed_share": float((~said[is_fraud & known]).mean()),
        "fraud_wrong_share": float(said[~is_fraud & known].mean()),
        "fraud_unlabelled_share": float(1 - known.mean()),
    }


def category_labels(category: NDArray[np.int64], labels: Labels) -> dict[str, float]:
    """Return when and how rightly people say what their purchases are."""
    known = ~np.isnan(labels.delay_days)
    return {
        "category_delay_median_days": float(np.median(labels.delay_days[known])),
        "category_wrong_share": float((labels.value != category)[known].mean()),
        "category_unlabelled_share": float(1 - known.mean()),
    }
