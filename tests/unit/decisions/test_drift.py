import json
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from mlops_platform.decisions.decision import Verdict
from mlops_platform.decisions.drift import decide_drift
from mlops_platform.decisions.drift_decision import SCORE, DriftDecision
from mlops_platform.profiles.profile import Profile
from mlops_platform.profiles.reference import ReferenceProfile

NAMES = tuple(f"input_{number}" for number in range(10))
# 2025-01-06.
FIRST = 20_094
N = 4_000


def rows(random: np.random.Generator, n: int) -> NDArray[np.float32]:
    return random.normal(size=(n, len(NAMES))).astype(np.float32)


def trained(n_days: int = 28) -> ReferenceProfile:
    random = np.random.default_rng(0)
    day = np.repeat(np.arange(n_days) + FIRST, N)
    made = rows(random, len(day))
    scores = random.random(len(day)).astype(np.float32)
    return ReferenceProfile.learn(NAMES, made, scores, day, score_name="risk")


REFERENCE = trained()
NEXT = REFERENCE.days[-1] + timedelta(days=1)


def day_of(seed: int, *, n: int = N, shift: float = 0.0, score_power: float = 1.0) -> Profile:
    """A day on which the first input lies higher, and scores are drawn towards 0."""
    random = np.random.default_rng(seed)
    made = rows(random, n)
    made[:, 0] += shift
    scores = (random.random(n) ** score_power).astype(np.float32)
    (bins,) = REFERENCE.count(made, scores, np.zeros(n, dtype=np.int64), 1)
    empty = Profile.empty(REFERENCE)
    return Profile(empty.bins_sha256, {**empty.counters, "bins": bins, "n": np.array([n])})


def decided(*days: Profile, reference: ReferenceProfile = REFERENCE) -> DriftDecision:
    moments = [NEXT + timedelta(days=number) for number in range(len(days))]
    return decide_drift(reference, dict(zip(moments, days, strict=True)))


def test_quiet_days_pass() -> None:
    decision = decided(day_of(1), day_of(2))

    assert (decision.verdict, decision.page) == (Verdict.PASS, False)
    assert (decision.named, decision.model_drift_score) == ((), 0.0)


def test_a_large_move_is_named_at_once_and_pages_when_it_lasts() -> None:
    first, second = day_of(1, shift=0.5), day_of(2, shift=0.5)

    alone = decided(day_of(3), first)
    lasting = decided(first, second)

    assert (alone.verdict, alone.named, alone.page) == (Verdict.FAIL, ("input_0",), False)
    assert alone.model_drift_score == 0.0
    assert (lasting.named, lasting.page) == (("input_0",), True)
    # Cliff's delta of a shift by half a standard deviation is 0.28.
    assert lasting.model_drift_score == pytest.approx(0.28, abs=0.06)
    assert lasting.drift_scores()["prediction"] == 0.0


def test_a_move_that_turns_around_does_not_last() -> None:
    assert not decided(day_of(1, shift=-0.5), day_of(2, shift=0.5)).page


def test_a_small_move_is_detected_in_many_predictions_and_pages_nobody() -> None:
    decision = decided(*(day_of(seed, shift=0.15) for seed in (2, 3)))

    assert decision.named == ("input_0",)
    assert 0 < decision.model_drift_score < 0.1
    assert not decision.page


def test_the_score_drifts_by_itself() -> None:
    decision = decided(*(day_of(seed, score_power=2.0) for seed in (1, 2)))

    assert decision.named == (SCORE,)
    assert decision.drift_scores()["data"] == 0.0
    assert decision.page


def test_an_input_made_of_labels_is_named_and_pages_nobody() -> None:
    days = {NEXT + timedelta(days=n): day_of(n + 1, shift=0.5) for n in range(2)}

    decision = decide_drift(REFERENCE, days, label_inputs=("*_0",))

    assert (decision.verdict, decision.named) == (Verdict.FAIL, ("input_0",))
    assert decision.drift_scores()["target"] == pytest.approx(0.28, abs=0.06)
    assert (decision.page, decision.model_drift_score) == (False, 0.0)


@pytest.mark.parametrize("days", [(), (day_of(1), day_of(2, n=20))])
def test_too_little_traffic_decides_nothing(days: tuple[Profile, ...]) -> None:
    decision = decided(*days)

    assert decision.verdict is Verdict.INCONCLUSIVE
    assert (decision.detected, decision.page, decision.model_drift_score) == (False, False, 0.0)


def test_a_small_day_before_proves_no_persistence() -> None:
    decision = decided(day_of(1, n=20, shift=0.5), day_of(2, shift=0.5))

    assert (decision.detected, decision.page) == (True, False)


def test_too_short_a_reference_decides_nothing() -> None:
    short = trained(13)
    decision = decide_drift(short, {NEXT: Profile.empty(short)})

    assert decision.verdict is Verdict.INCONCLUSIVE
    assert "13 days" in decision.summary


def test_a_check_names_anything_no_more_often_than_stated() -> None:
    false = [decided(day_of(seed)).detected for seed in range(100, 200)]

    assert sum(false) <= 2


def test_the_decision_is_written_as_json() -> None:
    document = json.loads(json.dumps(decided(day_of(1, shift=0.5)).to_dict()))

    assert document["verdict"] == "FAIL"
    assert document["inputs"][0]["name"] == "input_0"
    assert document["evidence"]["days"] == [date.isoformat(NEXT)]
