import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlops_platform.decisions.decision import Verdict
from mlops_platform.decisions.non_inferiority import PairedDifference, decide_non_inferiority


def paired(difference: float, standard_error: float, n_blocks: int = 20) -> PairedDifference:
    return PairedDifference(
        metric="average_precision",
        difference=difference,
        standard_error=standard_error,
        n_blocks=n_blocks,
    )


@pytest.mark.parametrize(
    ("difference", "standard_error", "verdict"),
    [
        (0.0, 0.001, Verdict.PASS),
        (-0.01, 0.001, Verdict.PASS),
        (-0.05, 0.001, Verdict.FAIL),
        (-0.02, 0.001, Verdict.INCONCLUSIVE),
        (0.01, 0.05, Verdict.INCONCLUSIVE),
        (0.0, 0.0, Verdict.PASS),
    ],
)
def test_the_interval_against_the_margin_decides(
    difference: float, standard_error: float, verdict: Verdict
) -> None:
    decision = decide_non_inferiority(paired(difference, standard_error), margin=0.02)

    assert decision.verdict is verdict


def test_the_interval_is_scipys() -> None:
    low, high = paired(0.013, 0.004, 8).interval(0.9)

    expected = stats.t.interval(0.9, 7, loc=0.013, scale=0.004)

    assert (low, high) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "unknown", [paired(0.1, 0.001, 1), paired(math.nan, 0.001), paired(0.1, math.nan)]
)
def test_what_cannot_be_known_is_inconclusive(unknown: PairedDifference) -> None:
    decision = decide_non_inferiority(unknown, margin=0.02)

    assert decision.verdict is Verdict.INCONCLUSIVE
    assert decision.evidence["lower_bound"] is None


@given(st.floats(-0.2, 0.2), st.floats(0, 0.1), st.integers(2, 60), st.floats(0.001, 0.1))
def test_a_larger_margin_never_turns_pass_into_fail(
    difference: float, standard_error: float, n_blocks: int, margin: float
) -> None:
    measured = paired(difference, standard_error, n_blocks)

    narrow = decide_non_inferiority(measured, margin=margin).verdict
    wide = decide_non_inferiority(measured, margin=2 * margin).verdict

    order = [Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS]
    assert order.index(wide) >= order.index(narrow)


def test_at_the_margin_the_wrong_model_passes_no_more_than_promised() -> None:
    rng = np.random.default_rng(3)
    blocks = rng.normal(-0.02, 0.05, size=(2_000, 12))

    passed = [
        decide_non_inferiority(
            paired(float(row.mean()), float(row.std(ddof=1) / math.sqrt(12)), 12), margin=0.02
        ).verdict
        is Verdict.PASS
        for row in blocks
    ]

    # 2.5 % of 2,000 is 50; four standard deviations of the binomial are 28.
    assert 22 <= sum(passed) <= 78


def test_the_sentence_says_that_the_champion_stays_in_doubt() -> None:
    decision = decide_non_inferiority(paired(-0.01, 0.05), margin=0.02)

    assert "the champion stays" in decision.summary
    assert "ICH E9" in decision.source
