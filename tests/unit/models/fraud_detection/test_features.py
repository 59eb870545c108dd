import numpy as np
import pytest

from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.clock import DAY_SECONDS, parse_instant
from mlops_platform.features.incremental import aggregates_at
from mlops_platform.features.state import EntityState
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES, feature_rows

SATURDAY_AT_TWO = parse_instant("2026-02-28T02:30:00Z")


def features(
    amount: float, moment: int, user: EntityState, merchant: EntityState
) -> dict[str, float]:
    aggregates = [
        np.array([aggregates_at(state, moment)], dtype=np.int64) for state in (user, merchant)
    ]
    rows = feature_rows(np.array([round(amount * 100)]), np.array([moment]), *aggregates)
    return dict(zip(FEATURE_NAMES, rows[0].tolist(), strict=True))


@pytest.fixture
def user() -> EntityState:
    state = EntityState(EntityKind.USER)
    for days_ago, amount in ((20, 1000), (2, 2000), (0, 3000)):
        state.fold(SATURDAY_AT_TWO - days_ago * DAY_SECONDS - 120, amount, days_ago)
    return state


def test_time_is_utc(user: EntityState) -> None:
    found = features(60.0, SATURDAY_AT_TWO, user, EntityState(EntityKind.MERCHANT))
    names = ("amount", "hour", "weekday", "is_weekend", "is_night")
    assert [found[name] for name in names] == [60.0, 2.0, 5.0, 1.0, 1.0]


def test_an_amount_is_held_against_the_users_own_mean(user: EntityState) -> None:
    found = features(60.0, SATURDAY_AT_TWO, user, EntityState(EntityKind.MERCHANT))
    assert found["user_mean_all"] == 20.0
    assert found["user_amount_over_mean_all"] == 3.0
    assert found["user_amount_over_mean_1d"] == 2.0
    assert (found["user_n_1h"], found["user_n_7d"], found["user_seconds_since_last"]) == (1, 2, 120)


def test_what_the_lag_hides_is_not_seen(user: EntityState) -> None:
    user.fold(SATURDAY_AT_TWO - 59, 9_999, 99)
    found = features(60.0, SATURDAY_AT_TWO, user, EntityState(EntityKind.MERCHANT))
    assert found["user_seconds_since_last"] == 120


def test_a_merchants_risk_is_of_labels_known_on_complete_days(user: EntityState) -> None:
    merchant = EntityState(EntityKind.MERCHANT)
    for days_ago, is_fraud in ((5, True), (4, True), (3, False)):
        moment = SATURDAY_AT_TWO - days_ago * DAY_SECONDS
        merchant.fold_label(moment - 3 * DAY_SECONDS, moment, is_fraud=is_fraud)
    merchant.fold_label(SATURDAY_AT_TWO - DAY_SECONDS, SATURDAY_AT_TWO - 60, is_fraud=True)
    # At noon, so that yesterday is complete for labels too.
    found = features(60.0, SATURDAY_AT_TWO + 9 * 3600, user, merchant)
    assert found["merchant_frauds_7d"] == 2
    assert found["merchant_risk_7d"] == pytest.approx((2 + 0.02) / (3 + 2))
    assert found["merchant_days_since_burst"] == 8
    assert found["merchant_days_since_fraud"] == 7


@pytest.mark.parametrize(
    ("labels", "n_frauds", "days_since"),
    [
        # How many days ago each label came, and whether it was of a fraud.
        ([(6, False), (5, True), (5, True), (4, True)], 3.0, 5.0),
        # On the day of an honest label the shop was not lost.
        ([(5, True), (4, True), (4, False), (2, True)], 1.0, 2.0),
        ([(5, True), (4, False)], 0.0, np.nan),
        # What lies further back than the streak is looked for.
        ([(33, True), (31, True), (20, True)], 1.0, 20.0),
        ([], 0.0, np.nan),
    ],
)
def test_a_streak_is_of_labels_since_the_last_honest_one(
    user: EntityState, labels: list[tuple[int, bool]], n_frauds: float, days_since: float
) -> None:
    merchant = EntityState(EntityKind.MERCHANT)
    for days_ago, is_fraud in labels:
        moment = SATURDAY_AT_TWO - days_ago * DAY_SECONDS
        merchant.fold_label(moment - 3 * DAY_SECONDS, moment, is_fraud=is_fraud)
    found = features(60.0, SATURDAY_AT_TWO + 9 * 3600, user, merchant)
    assert found["merchant_streak_frauds"] == n_frauds
    assert found["merchant_days_since_streak"] == pytest.approx(days_since, nan_ok=True)


def test_a_stranger_has_counts_of_nothing_and_no_ratios() -> None:
    nobody, nowhere = EntityState(EntityKind.USER), EntityState(EntityKind.MERCHANT)
    found = features(60.0, SATURDAY_AT_TWO, nobody, nowhere)
    missing = {name for name, value in found.items() if np.isnan(value)}
    allowed = ("_over_", "_mean_", "_surge_", "_z_", "_seconds_", "_days_")
    assert all(any(part in name for part in allowed) for name in missing)
    assert found["merchant_risk_30d"] == np.float32(0.01)
    assert found["user_n_30d"] == 0
