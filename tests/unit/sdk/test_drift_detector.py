"""Judging tables of one's own; truth is how they were drawn."""

import asyncio
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mlops_platform import DriftDetector, MLOpsConfig
from mlops_platform.decisions.decision import Verdict
from mlops_platform.decisions.drift_decision import DriftDecision
from mlops_platform.errors import DriftDataError, ModelNotFoundError
from mlops_platform.sdk.api_client import ApiClient

MODEL = "fraud_detection"
FIRST = date(2026, 1, 5)
# A row every three minutes: days of the table are whole days.
N_A_DAY = 480
REFERENCE_DAYS = 28


def table(first_day: int, n_days: int, *, seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Draw days of which nothing moves but, by `shift` standard deviations, the amount."""
    random = np.random.default_rng(seed)
    n = n_days * N_A_DAY
    day = pd.Timestamp(FIRST, tz="UTC") + pd.to_timedelta(first_day, unit="D")
    seconds = np.arange(n) * (86_400 // N_A_DAY)
    return pd.DataFrame(
        {
            "timestamp": day + pd.to_timedelta(seconds, unit="s"),
            "amount": random.normal(shift, 1.0, n),
            "age": random.integers(0, 5, n),
        }
    )


@pytest.fixture
def detector() -> DriftDetector:
    return DriftDetector(MLOpsConfig(api_key="key"))


@pytest.fixture
def ready(detector: DriftDetector) -> DriftDetector:
    reference = table(0, REFERENCE_DAYS, seed=0)
    asyncio.run(detector.initialize_detector(MODEL, reference))
    return detector


def detect(detector: DriftDetector, current: Any) -> DriftDecision:
    return asyncio.run(detector.detect_data_drift(MODEL, current))


@pytest.mark.parametrize("seed", range(1, 6))
def test_days_like_those_of_the_reference_are_no_drift(ready: DriftDetector, seed: int) -> None:
    decision = detect(ready, table(REFERENCE_DAYS, 2, seed=seed))

    assert (decision.verdict, decision.page) == (Verdict.PASS, False)


def test_what_moved_is_named_and_pages_on_its_second_day(ready: DriftDetector) -> None:
    one = detect(ready, table(REFERENCE_DAYS, 1, seed=1, shift=1.0))
    two = detect(ready, table(REFERENCE_DAYS, 2, seed=1, shift=1.0))

    assert (one.named, one.page) == (("amount",), False)
    assert (two.named, two.page) == (("amount",), True)


def test_an_arrow_table_and_a_mapping_are_judged_as_the_data_frame_is(
    ready: DriftDetector,
) -> None:
    frame = table(REFERENCE_DAYS, 2, seed=1, shift=1.0)
    mapping = {name: frame[name].to_numpy() for name in frame}

    expected = detect(ready, frame).to_dict()

    assert detect(ready, pa.table(mapping)).to_dict() == expected
    assert detect(ready, mapping).to_dict() == expected


def test_days_that_do_not_follow_each_other_prove_no_lasting_drift(ready: DriftDetector) -> None:
    apart = [table(REFERENCE_DAYS + day, 1, seed=day, shift=1.0) for day in (1, 9)]

    decision = detect(ready, pd.concat(apart))

    assert (decision.named, decision.page) == (("amount",), False)


def scored(first_day: int, n_days: int, *, seed: int, power: float = 1.0) -> pd.DataFrame:
    """Draw days whose scores are drawn towards 0 by `power`."""
    frame = table(first_day, n_days, seed=seed)
    return frame.assign(score=np.random.default_rng(seed).random(len(frame)) ** power)


def test_scores_are_judged_where_the_reference_has_them(detector: DriftDetector) -> None:
    asyncio.run(detector.initialize_detector(MODEL, scored(0, REFERENCE_DAYS, seed=0)))

    quiet = detect(detector, scored(REFERENCE_DAYS, 2, seed=1))
    moved = detect(detector, scored(REFERENCE_DAYS, 2, seed=1, power=3.0))

    assert (quiet.named, moved.named, moved.page) == ((), ("score",), True)
    with pytest.raises(DriftDataError, match="lacks score"):
        detect(detector, table(REFERENCE_DAYS, 2, seed=1))


def test_scores_that_the_reference_lacks_are_left_alone(ready: DriftDetector) -> None:
    assert detect(ready, scored(REFERENCE_DAYS, 2, seed=1, power=3.0)).named == ()


def test_nulls_are_seen_as_such(ready: DriftDetector) -> None:
    frame = table(REFERENCE_DAYS, 2, seed=1)
    holed = frame.assign(age=frame["age"].astype("Int64").mask(frame.index % 2 == 0))

    (found,) = [one for one in detect(ready, holed).moved if one.detected]

    assert (found.name, found.measure) == ("age", "missing")
    assert found.effect == pytest.approx(0.5)


def test_a_few_rows_decide_nothing(ready: DriftDetector) -> None:
    decision = detect(ready, table(REFERENCE_DAYS, 1, seed=1, shift=3.0).head(100))

    assert decision.verdict is Verdict.INCONCLUSIVE


def test_who_was_not_initialized_says_so(detector: DriftDetector) -> None:
    with pytest.raises(DriftDataError, match="initialize_detector first"):
        detect(detector, table(0, 1, seed=1))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda frame: frame.drop(columns="timestamp"), "lacks timestamp"),
        (lambda frame: frame.drop(columns="age"), "lacks age"),
        (lambda frame: frame.assign(age="old"), "Column age holds no numbers"),
        (lambda frame: frame.assign(timestamp="noon"), "Column timestamp holds no times"),
        (lambda frame: frame.assign(timestamp=frame["timestamp"].shift()), "empty in 1 rows"),
        (lambda frame: frame.head(0), "no rows"),
        (lambda frame: pd.concat([frame, frame["age"]], axis=1), "more than one column age"),
        (lambda frame: {**frame, "age": [1.0]}, r"Column age is of shape \(1,\)"),
        (lambda _frame: None, "NoneType, no table"),
    ],
)
def test_a_table_that_cannot_be_compared_is_refused(
    ready: DriftDetector, spoil: Any, message: str
) -> None:
    with pytest.raises(DriftDataError, match=message):
        detect(ready, spoil(table(REFERENCE_DAYS, 1, seed=1)))


def test_a_reference_without_inputs_is_refused(detector: DriftDetector) -> None:
    times = table(0, 20, seed=0)[["timestamp"]]

    with pytest.raises(DriftDataError, match="lacks inputs"):
        asyncio.run(detector.initialize_detector(MODEL, times))


def test_an_unknown_model_is_refused(detector: DriftDetector) -> None:
    with pytest.raises(ModelNotFoundError):
        asyncio.run(detector.initialize_detector("horoscope", table(0, 1, seed=0)))
    with pytest.raises(ModelNotFoundError):
        detector.verdicts("horoscope")


def test_the_platform_is_asked_for_its_verdicts(
    detector: DriftDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def call(_: ApiClient, method: str, path: str) -> dict[str, Any]:
        asked.append((method, path))
        return {"latest": {"day": "2026-03-01"}, "verdicts": []}

    monkeypatch.setattr(ApiClient, "call", call)

    assert detector.latest(MODEL) == {"day": "2026-03-01"}
    detector.verdicts(MODEL, since=date(2026, 3, 1))

    path = f"/models/{MODEL}/drift"
    assert asked == [("GET", path), ("GET", f"{path}?since=2026-03-01")]
