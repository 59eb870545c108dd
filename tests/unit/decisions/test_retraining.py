from datetime import UTC, datetime, timedelta

import pytest

from mlops_platform.decisions.decision import Verdict
from mlops_platform.decisions.retraining import LabelsAfterChange, decide_retraining

NOW = datetime(2025, 5, 1, tzinfo=UTC)
ENOUGH = LabelsAfterChange(n_positive=25, n_negative=975)


def test_enough_labels_and_no_training_before_train() -> None:
    decision = decide_retraining(ENOUGH, last=None, now=NOW)

    assert decision.verdict is Verdict.PASS
    assert "1000 labels" in decision.summary


@pytest.mark.parametrize(
    ("n_positive", "n_negative"), [(0, 0), (25, 974), (24, 5_000), (5_000, 24)]
)
def test_too_few_labels_wait_and_so_do_labels_of_one_kind(n_positive: int, n_negative: int) -> None:
    labels = LabelsAfterChange(n_positive=n_positive, n_negative=n_negative)

    decision = decide_retraining(labels, last=None, now=NOW)

    assert decision.verdict is Verdict.INCONCLUSIVE
    assert decision.evidence["n_labels"] == n_positive + n_negative


def test_a_week_lies_between_two() -> None:
    week_ago = NOW - timedelta(days=7)

    early = decide_retraining(ENOUGH, last=week_ago + timedelta(seconds=1), now=NOW)
    due = decide_retraining(ENOUGH, last=week_ago, now=NOW)

    assert (early.verdict, due.verdict) == (Verdict.INCONCLUSIVE, Verdict.PASS)
    assert "7 days" in early.summary
