"""Each tool against numbers worked out by hand."""

from datetime import date
from typing import Any

import pytest

from mlops_platform.models.selfmate.tools.arguments import Arguments
from mlops_platform.models.selfmate.tools.catalogue import TOOLS
from mlops_platform.models.selfmate.tools.findings import Findings
from mlops_platform.models.selfmate.tools.ledger import Goal, Ledger, Purchase
from mlops_platform.models.selfmate.tools.period import Period
from mlops_platform.models.selfmate.wording import ROWS, SENTENCES, worded

TODAY = date(2025, 5, 14)
LEDGER = Ledger(
    purchases=(
        Purchase(date(2025, 2, 10), 999, "STREAMBOX", "entertainment"),
        Purchase(date(2025, 3, 12), 999, "STREAMBOX", "entertainment"),
        Purchase(date(2025, 4, 11), 999, "STREAMBOX", "entertainment"),
        Purchase(date(2025, 4, 20), 10_001, "HOLDEN TOURS", "travel"),
        Purchase(date(2025, 5, 2), 10, "PAYPAL *BODEN CAFE 12", "eating_out"),
        Purchase(date(2025, 5, 3), 20, "BODEN CAFE", "eating_out"),
        Purchase(date(2025, 5, 12), 1_000, "MORDEN FOODS", "groceries"),
        Purchase(date(2025, 5, 12), 999, "STREAMBOX", "entertainment"),
    ),
    goals=(Goal("new car", 100_000, 40_000, date(2026, 5, 14)),),
)


def found(intent: str, ledger: Ledger = LEDGER, **asked: Any) -> dict[str, str]:
    """The figures of an answer, as it says them."""
    findings = TOOLS[intent](ledger, Arguments(**asked), TODAY)
    return {"outcome": findings.outcome} | {
        figure.name: figure.text
        for figure in (*findings.figures, *(each for row in findings.rows for each in row))
    }


def test_sums_are_exact_to_the_penny() -> None:
    # In binary floating point, 0.1 + 0.2 is not 0.3.
    assert found("spending", category="eating_out") == {
        "outcome": "spending",
        "total": "£0.30",
        "count": "2 purchases",
        "category": "eating out",
        "period": "in May 2025",
    }


def test_this_month_is_meant_unless_a_period_is_named() -> None:
    april = Period.month(date(2025, 4, 1))

    assert found("spending")["total"] == "£20.29"
    assert found("spending", period=april)["total"] == "£110.00"


def test_a_merchant_is_found_behind_its_payment_service_and_number() -> None:
    assert found("purchase_count", merchant="boden cafe")["count"] == "2 purchases"
    assert found("purchase_count", merchant="Boden Foods")["outcome"] == "no_purchases"


def test_over_an_amount_means_more_than_it() -> None:
    assert found("purchase_count", amount_minor=999)["count"] == "1 purchase"


def test_an_average_is_rounded_to_the_nearest_penny() -> None:
    assert found("average_purchase", category="eating_out")["average"] == "£0.15"
    assert found("average_purchase")["average"] == "£5.07"


def test_the_largest_and_the_latest_purchase_say_where_and_when() -> None:
    largest, latest = found("largest_purchase"), found("latest_purchase", category="travel")

    assert (largest["largest"], largest["place"], largest["day"]) == (
        "£10.00",
        "MORDEN FOODS",
        "12 May 2025",
    )
    assert (latest["amount"], latest["day"]) == ("£100.01", "20 April 2025")


def test_a_breakdown_is_sorted_and_its_shares_are_of_the_whole() -> None:
    findings = TOOLS["spending_breakdown"](LEDGER, Arguments(), TODAY)

    assert [[figure.text for figure in row] for row in findings.rows] == [
        ["groceries", "£10.00", "49.3%"],
        ["entertainment", "£9.99", "49.2%"],
        ["eating out", "£0.30", "1.5%"],
    ]


def test_two_periods_are_compared_or_one_with_the_one_before() -> None:
    compared = found("compare_periods")

    assert compared["outcome"] == "less_than_other"
    assert (compared["total"], compared["other_total"]) == ("£20.29", "£110.00")
    assert (compared["difference"], compared["change"]) == ("£89.71", "81.6%")
    assert found("compare_periods", category="groceries")["outcome"] == "more_than_nothing"


def test_only_what_comes_every_month_recurs() -> None:
    recurring = found("recurring_payments")

    assert (recurring["monthly_total"], recurring["place"]) == ("£9.99", "STREAMBOX")
    ended = Ledger(purchases=LEDGER.purchases[:3])
    assert found("recurring_payments", ended)["outcome"] == "recurring_payments"
    assert found("recurring_payments", Ledger(LEDGER.purchases[:2]))["outcome"] == (
        "no_recurring_payments"
    )


def test_a_goals_progress_pace_and_date() -> None:
    progress, pace = found("goal_progress"), found("goal_pace")

    assert (progress["remaining"], progress["progress"]) == ("£600.00", "40.0%")
    assert (pace["months"], pace["per_month"]) == ("12 months", "£50.00")
    reached = found("goal_date", amount_minor=7_000)
    assert (reached["months"], reached["day"]) == ("9 months", "14 February 2026")


def test_the_pace_is_rounded_up_so_that_the_goal_is_reached() -> None:
    ledger = Ledger(goals=(Goal("laptop", 100_000, 0, date(2025, 8, 14)),))

    # 3 * 333.33 would leave a penny.
    assert found("goal_pace", ledger)["per_month"] == "£333.34"


@pytest.mark.parametrize(
    ("goal", "outcome"),
    [
        (Goal("laptop", 100, 100, date(2026, 1, 1)), "goal_reached"),
        (Goal("laptop", 100, 50, date(2025, 5, 1)), "goal_overdue"),
        (Goal("laptop", 100, 50, date(2025, 5, 30)), "goal_due_within_a_month"),
    ],
)
def test_a_goal_that_needs_no_pace_says_why(goal: Goal, outcome: str) -> None:
    assert found("goal_pace", Ledger(goals=(goal,)))["outcome"] == outcome


def test_an_amount_that_takes_longer_than_a_life_is_told_so() -> None:
    assert found("goal_date", amount_minor=1)["outcome"] == "goal_too_far"
    assert found("goal_date")["outcome"] == "which_amount"


def test_without_a_goal_and_between_two_nothing_is_computed() -> None:
    two = Ledger(goals=(*LEDGER.goals, Goal("laptop", 100, 50, date(2026, 1, 1))))

    assert found("goal_progress", Ledger())["outcome"] == "no_goals"
    assert found("goal_progress", two)["outcome"] == "which_goal"
    assert found("goal_progress", two, goal="the car")["goal"] == "new car"


@pytest.mark.parametrize("intent", TOOLS)
def test_an_empty_ledger_is_answered_honestly(intent: str) -> None:
    findings = TOOLS[intent](Ledger(), Arguments(), TODAY)

    assert isinstance(findings, Findings)
    assert worded(findings)


def test_no_sentence_holds_a_number_of_its_own() -> None:
    for sentence in (*SENTENCES.values(), *ROWS.values()):
        assert not any(character.isdigit() for character in sentence)
