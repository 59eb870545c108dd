from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from mlops_platform.monitoring.performance import (
    auc_roc,
    average_precision,
    measure,
    quantiles,
)
from mlops_platform.profiles.profile import COMPUTE_MS_BOUNDS, LabelledScore, Profile
from tests.unit.profiles.small_reference import record, small_reference

REFERENCE = small_reference()
labels = st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=2, max_size=60)


def counts(bins: NDArray[np.int64], chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.bincount(bins[chosen], minlength=REFERENCE.score.n_bins).astype(np.int64)


@given(labels)
def test_areas_are_those_of_scikit_learn_for_scores_as_coarse_as_the_bins(
    rows: list[tuple[float, bool]],
) -> None:
    scores, truth = (np.array(column) for column in zip(*rows, strict=True))
    assume(truth.any())
    assume(not truth.all())
    bins = REFERENCE.score.codes(scores)
    positive, negative = counts(bins, truth), counts(bins, ~truth)

    assert auc_roc(positive, negative) == pytest.approx(roc_auc_score(truth, bins))
    assert average_precision(positive, negative) == pytest.approx(
        average_precision_score(truth, bins)
    )


@given(labels, st.floats(0, 1))
def test_decisions_are_counted_as_scikit_learn_counts_them(
    rows: list[tuple[float, bool]], threshold: float
) -> None:
    scores, truth = (np.array(column) for column in zip(*rows, strict=True))
    predicted = scores >= threshold
    assume(truth.any())
    assume(predicted.any())
    known = [LabelledScore(*row, 0.0, bool(p)) for row, p in zip(rows, predicted, strict=True)]

    measured = measure(Profile.of_labels(REFERENCE, known))

    truths: dict[str, Any] = {
        "accuracy": accuracy_score(truth, predicted),
        "precision": precision_score(truth, predicted),
        "recall": recall_score(truth, predicted),
        "f1": f1_score(truth, predicted),
    }
    assert {name: measured[name] for name in truths} == pytest.approx(truths)
    assert (measured["labelled"], measured["positives"]) == (len(rows), truth.sum())


def test_latency_quantiles_lie_in_the_buckets_of_the_true_ones() -> None:
    times = np.random.default_rng(0).lognormal(1.0, 0.7, 5_000)
    rows = [record([1.0, 1.0], 0.5, compute_ms=each) for each in times.tolist()]
    latency = measure(Profile.of(REFERENCE, rows))["latency_ms"]

    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        true = float(np.quantile(times, share))
        bucket = np.searchsorted(COMPUTE_MS_BOUNDS, true)
        assert COMPUTE_MS_BOUNDS[bucket - 1] <= latency[name] <= COMPUTE_MS_BOUNDS[bucket]


def test_within_a_bucket_values_lie_evenly() -> None:
    ten_in_the_second = np.array([0, 10, 0], dtype=np.int64)

    found = quantiles(ten_in_the_second, (1.0, 2.0))

    assert found == pytest.approx({"p50": 1.5, "p95": 1.95, "p99": 1.99})


def test_what_lies_above_all_bounds_is_given_as_the_last_one() -> None:
    assert quantiles(np.array([0, 0, 5]), (1.0, 2.0)) == {"p50": 2.0, "p95": 2.0, "p99": 2.0}


def test_of_nothing_nothing_is_said() -> None:
    measured = measure(Profile.empty(REFERENCE))

    assert measured == {
        "predictions": 0,
        "degraded": 0,
        "labelled": 0,
        "positives": 0,
        "accuracy": None,
        "precision": None,
        "recall": None,
        "f1": None,
        "average_precision": None,
        "auc_roc": None,
        "latency_ms": None,
        "label_delay_days": None,
    }
