"""The world benchmark's measures agree with closed forms, and its verdicts with its bands."""

import json
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import benchmarks.world.__main__ as command
from benchmarks.world.ambiguity import ambiguity
from benchmarks.world.amounts import amounts, log_moments, moments_by_kind
from benchmarks.world.facts import FACTS, Fact
from benchmarks.world.late_labels import category_labels, fraud_labels
from benchmarks.world.measuring import measure_cards, measure_world
from benchmarks.world.observed import Labels, Observed, observe
from benchmarks.world.paces import paces, repeat_share
from benchmarks.world.plots import draw
from benchmarks.world.popularity import new_merchant_share, popularity, zipf_line
from benchmarks.world.speed import Size, cpu_seconds_per_million
from benchmarks.world.statement_texts import statement_texts
from mlops_platform.data.world.world import World

FIRST_DAY = date(2025, 1, 1)
NAN = float("nan")


@pytest.fixture(scope="module")
def seen() -> Observed:
    return observe(World(seed=3, n_users=80, n_merchants=300), FIRST_DAY, 59)


@pytest.mark.parametrize("exponent", [0.8, 1.18])
def test_a_sample_of_zipfs_law_gives_its_slope(exponent: float) -> None:
    weights = np.arange(1, 501) ** -exponent
    sample = np.random.default_rng(0).choice(500, size=500_000, p=weights / weights.sum())

    assert popularity(sample)["zipf_slope"] == pytest.approx(-exponent, abs=0.03)


def test_merchants_seen_once_do_not_bend_the_line() -> None:
    counts = np.array([64, 16, 4, 1, 1, 1])
    ranks = np.log([1, 2, 3])

    slope, intercept = zipf_line(counts)

    assert slope == pytest.approx(np.polyfit(ranks, np.log([64, 16, 4]), 1)[0])
    assert intercept > np.log(64)


def test_top_shares_and_merchants_seen_once_are_counted() -> None:
    merchant = np.repeat(np.arange(200), [50] * 10 + [3] * 90 + [1] * 100)
    n = 500 + 270 + 100

    measured = popularity(merchant)

    assert measured["top_10_share"] == pytest.approx(500 / n)
    assert measured["top_100_share"] == pytest.approx(770 / n)
    assert measured["seen_once_share"] == 0.5


def test_new_merchants_are_those_without_an_earlier_month() -> None:
    merchant = np.array([0, 1, 0, 1, 2, 2])
    month = np.array([7, 7, 8, 9, 9, 9])

    assert new_merchant_share(merchant, month) == pytest.approx(2 / 3)


def test_amounts_endings_and_refunds_are_counted_by_hand() -> None:
    measured = amounts(np.array([100, 2_00, 1_99, 7_50, 8_51, 3_49, 3_00, -4_00]))

    assert measured["cents_00_share"] == 4 / 8
    assert measured["cents_99_share"] == measured["cents_50_share"] == 1 / 8
    assert measured["refund_share"] == 1 / 8


def test_log_moments_are_those_of_the_log_normal_that_was_drawn() -> None:
    drawn = np.random.default_rng(1).lognormal(4.0, 1.5, 200_000)
    minor = np.rint(drawn * 100).astype(np.int64)

    assert log_moments(minor) == pytest.approx((4.0, 1.5), abs=0.02)
    both = np.concatenate([minor, np.full(9, 100)])
    kind = np.repeat([0, 1], [len(minor), 9])
    by_kind = moments_by_kind(both, kind, {0: "fuel", 1: "fees", 2: "nothing"})
    assert by_kind["log_mean_fuel"] == pytest.approx(4.0, abs=0.02)
    assert by_kind["log_mean_fees"] == by_kind["log_sd_fees"] == 0.0
    assert "log_mean_nothing" not in by_kind


def test_gamma_mixed_poisson_counts_show_their_mixture() -> None:
    random = np.random.default_rng(2)
    # Variance over mean of a Poisson count with a gamma rate is 1 + mean / shape.
    mean, shape, n = 40.0, 2.0, 20_000
    counts = random.poisson(random.gamma(shape, mean / shape, n))
    user = np.repeat(np.arange(n), counts)

    measured = paces(user, np.full(len(user), 660))

    assert measured["per_month_mean"] == pytest.approx(mean, rel=0.03)
    assert measured["per_month_dispersion"] == pytest.approx(1 + mean / shape, rel=0.05)
    assert measured["rate_cv2"] == pytest.approx(1 / shape, rel=0.05)


def test_equal_people_are_not_over_dispersed() -> None:
    counts = np.random.default_rng(3).poisson(30.0, 20_000)
    user = np.repeat(np.arange(len(counts)), counts)

    measured = paces(user, np.full(len(user), 660))

    assert measured["per_month_dispersion"] == pytest.approx(1.0, abs=0.05)
    assert measured["rate_cv2"] == pytest.approx(0.0, abs=0.01)


def test_a_purchase_repeats_if_its_user_was_there_before() -> None:
    user = np.array([0, 0, 0, 1, 1])
    merchant = np.array([5, 5, 6, 5, 5])

    assert repeat_share(user, merchant) == pytest.approx(2 / 5)


def test_texts_are_measured_in_characters() -> None:
    measured = statement_texts(["TESCO", "WWW.SHOP.COM", "A1", "Cosy Corner Cafe", "BO.CO.UK 7"])

    assert measured == {
        "text_median_length": 10.0,
        "text_max_length": 16.0,
        "text_digits_share": 2 / 5,
        "text_url_share": 2 / 5,
    }


def test_the_best_rule_by_merchant_says_each_merchants_commonest_category() -> None:
    merchant = np.array([0, 0, 0, 1, 1, 1, 1, 2])
    category = np.array([4, 4, 1, 0, 0, 2, 3, 9])

    measured = ambiguity(merchant, category)

    assert measured["merchant_rule_accuracy"] == pytest.approx((2 + 2 + 1) / 8)
    assert measured["ambiguous_share"] == pytest.approx(7 / 8)


def test_late_wrong_and_lost_labels_are_told_apart() -> None:
    is_fraud = np.array([True] * 5 + [False] * 5)
    said = np.array([1, 1, 1, 0, -1, 0, 0, 0, 1, -1])
    delay = np.array([1.0, 2.0, 3.0, 7.0, NAN, 7.0, 7.0, 7.0, 4.0, NAN])

    measured = fraud_labels(is_fraud, Labels(said, delay))

    assert measured == {
        "fraud_share": 0.5,
        "report_delay_median_days": 2.5,
        "genuine_delay_median_days": 7.0,
        "fraud_missed_share": pytest.approx(1 / 4),
        "fraud_wrong_share": pytest.approx(1 / 4),
        "fraud_unlabelled_share": pytest.approx(0.2),
    }


def test_categories_that_are_told_are_compared_with_the_truth() -> None:
    labels = Labels(np.array([2, 3, -1, 5]), np.array([0.5, 1.5, NAN, 9.0]))

    measured = category_labels(np.array([2, 4, 4, 5]), labels)

    assert measured["category_delay_median_days"] == 1.5
    assert measured["category_wrong_share"] == pytest.approx(1 / 3)
    assert measured["category_unlabelled_share"] == 0.25


def test_a_world_is_seen_with_the_truth_beside_what_is_said(seen: Observed) -> None:
    world = World(seed=3, n_users=80, n_merchants=300)
    day = world.day(FIRST_DAY)
    n = day.transactions.num_rows
    columns = day.labels.to_pydict()
    told = dict(zip(columns["transaction_id"], columns["is_fraud"], strict=True))
    ids = day.transactions["transaction_id"].to_pylist()

    assert seen.is_fraud[:n].tolist() == (day.scenario != "").tolist()
    assert seen.fraud_labels.value[:n].tolist() == [int(told.get(one, -1)) for one in ids]
    assert np.isnan(seen.fraud_labels.delay_days[:n]).tolist() == [one not in told for one in ids]
    assert (seen.amount_minor[:n] / 100.0).tolist() == day.transactions["amount"].to_pylist()


def test_every_fact_has_a_measure_and_every_measure_a_fact(seen: Observed) -> None:
    measured = measure_world(seen, whole_months=1)

    assert measured.keys() == {fact.name for fact in FACTS}
    assert all(np.isfinite(value) for value in measured.values())


def test_real_cards_are_measured_by_the_same_names() -> None:
    cards = pd.DataFrame(
        {
            "card_id": [1, 1, 2, 2, 2],
            "merchant": ["Tesco 123", "TESCO-77", "www.boots.com", "Boots", "boots 9"],
            "amount": [5.0, 1.99, -3.0, 2.5, 7.0],
            "date": pd.date_range("2025-01-30", periods=5),
        }
    )

    measured = measure_cards(cards)

    assert measured.keys() <= {fact.name for fact in FACTS}
    # Names without digits and signs: Tesco's two and Boots' last two are one merchant each.
    assert measured["repeat_share"] == pytest.approx(2 / 5)
    assert measured["seen_once_share"] == pytest.approx(1 / 3)
    assert measured["refund_share"] == 1 / 5


def test_a_fact_holds_within_its_band_and_not_without_a_value() -> None:
    fact = Fact(name="one", title="One", value=0.5, band=0.1)

    assert fact.holds(0.45)
    assert not fact.holds(0.65)
    assert Fact(name="two", title="Two").holds(0.3) is None


def test_the_same_world_is_drawn_by_the_same_bytes(seen: Observed, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in draw(seen, 1, tmp_path / "first")]
    second = [path.read_bytes() for path in draw(seen, 1, tmp_path / "second")]

    assert first == second
    assert all(content.startswith(b"<?xml") for content in first)
    assert max(len(content) for content in first) < 60_000


def test_speed_is_told_with_its_size() -> None:
    figure = cpu_seconds_per_million(Size(users=50, days=2), 0, FIRST_DAY)

    assert (figure["users"], figure["days"]) == (50, 2)
    assert 0 < figure["cpu_seconds_per_million"] < figure["cpu_seconds_per_million_written"]


def test_the_command_ends_with_one_json_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "SPEED_SIZES", (Size(users=50, days=1),))
    monkeypatch.setattr(sys, "argv", ["world", "--users", "60", "--days", "59"])

    command.main()

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["facts"].keys() == {fact.name for fact in FACTS}
    assert report["facts"]["cents_00_share"]["within"]
    assert len(report["speed"]) == 1
