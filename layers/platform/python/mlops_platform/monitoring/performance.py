"""How well and how fast a model answers, by the counts of its profile alone.

Counts by bins are exact for accuracy, precision and recall, which are counted by decision. The
areas below the curves take all scores of a bin for equal.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlops_platform.profiles.profile import (
    COMPUTE_MS_BOUNDS,
    LABEL_DELAY_DAYS_BOUNDS,
    Profile,
)

Counts = NDArray[np.int64]


def measure(profile: Profile) -> dict[str, Any]:
    """Return what a profile says; what nothing was counted for is None.

    Returns
    -------
    dict
        ``predictions``, ``degraded``, ``labelled``, ``positives``; ``accuracy``, ``precision``,
        ``recall``, ``f1``, ``average_precision``, ``auc_roc`` over the labelled ones;
        ``latency_ms`` and ``label_delay_days`` as quantiles.
    """
    positive, negative = profile.counters["positive"], profile.counters["negative"]
    return {
        "predictions": profile.n,
        "degraded": profile.n_degraded,
        "labelled": profile.n_labelled,
        "positives": int(positive.sum()),
        **_decided(profile.counters["confusion"]),
        "average_precision": average_precision(positive, negative),
        "auc_roc": auc_roc(positive, negative),
        "latency_ms": quantiles(profile.counters["compute_ms"], COMPUTE_MS_BOUNDS),
        "label_delay_days": quantiles(profile.counters["label_delay"], LABEL_DELAY_DAYS_BOUNDS),
    }


def auc_roc(positive: Counts, negative: Counts) -> float | None:
    """Return the area below the ROC curve; scores of one bin are ties and count half.

    Parameters
    ----------
    positive, negative
        Labels by the score's bins, of shape (n_bins,), the lowest scores first.
    """
    pairs = int(positive.sum()) * int(negative.sum())
    if pairs == 0:
        return None
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / pairs)


def average_precision(positive: Counts, negative: Counts) -> float | None:
    """Return the sum of precisions, weighted by the recall that each bin adds.

    Parameters
    ----------
    positive, negative
        As for `auc_roc`.

    References
    ----------
    .. [1] scikit-learn's `average_precision_score`, whose thresholds are here the bins' edges.
    """
    if not positive.sum():
        return None
    true = np.cumsum(positive[::-1])
    answered = true + np.cumsum(negative[::-1])
    precision = true / np.maximum(answered, 1)
    return float((positive[::-1] * precision).sum() / positive.sum())


def quantiles(counts: Counts, bounds: Sequence[float]) -> dict[str, float] | None:
    """Return the median, the 95th and the 99th percentile of what was counted by buckets.

    Parameters
    ----------
    counts
        By bucket, of shape (len(bounds) + 1,).
    bounds
        Upper bounds. Within a bucket values are taken to lie evenly; what lies above the last
        bound is given as that bound, as Prometheus does.
    """
    if counts.sum() <= 0:
        return None
    edges = np.array([0.0, *bounds, bounds[-1]])
    reached = np.concatenate([[0], np.cumsum(counts)])
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {name: _quantile(share * reached[-1], reached, edges) for name, share in shares.items()}


def _quantile(rank: float, reached: Counts, edges: NDArray[np.float64]) -> float:
    bucket = int(np.searchsorted(reached[1:], rank))
    within = (rank - reached[bucket]) / (reached[bucket + 1] - reached[bucket])
    return float(edges[bucket] + within * (edges[bucket + 1] - edges[bucket]))


def _decided(confusion: Counts) -> dict[str, float | None]:
    true_negative, false_negative, false_positive, true_positive = map(int, confusion)
    wrong = false_negative + false_positive
    return {
        "accuracy": _share(true_positive + true_negative, int(confusion.sum())),
        "precision": _share(true_positive, true_positive + false_positive),
        "recall": _share(true_positive, true_positive + false_negative),
        "f1": _share(2 * true_positive, 2 * true_positive + wrong),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
