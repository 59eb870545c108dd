"""Requests to a bundle: what is refused, and what a conversation remembers."""

from typing import Any

import pytest

from mlops_platform.models.selfmate.request import ledger_of, problems_inside, session_of

PURCHASE = {"timestamp": "2025-05-02T10:00:00Z", "amount": 0.29, "merchant": "BODEN CAFE"}
GOAL = {"kind": "holiday", "target_amount": 900, "deadline": "2099-01-01"}


@pytest.mark.parametrize(
    ("features", "field"),
    [
        ({"transactions": [PURCHASE, {**PURCHASE, "amount": -1}]}, "transactions[1].amount"),
        ({"transactions": [{"amount": 3}]}, "transactions[0].timestamp"),
        ({"transactions": [{**PURCHASE, "colour": "red"}]}, "transactions[0].colour"),
        ({"goals": [{**GOAL, "deadline": "soon"}]}, "goals[0].deadline"),
        ({"goals": [{"kind": "x", "deadline": "2099-01-01"}]}, "goals[0].target_amount"),
        ({"session": {"intent": "spending"}}, "session"),
        ({"session": {"intent": 3, "arguments": {}}}, "session"),
        ({"session": {"intent": "spending", "arguments": {"period": {}}}}, "session"),
        ({"session": {"intent": "spending", "arguments": {"what": "x"}}}, "session"),
        ({"session": {"intent": "spending", "arguments": {"amount_minor": "5"}}}, "session"),
        ({"session": {"intent": "spending", "arguments": []}}, "session"),
    ],
)
def test_a_problem_inside_an_object_is_named_with_its_place(
    features: dict[str, Any], field: str
) -> None:
    assert field in {problem["field"] for problem in problems_inside(features)}


def test_amounts_are_the_decimal_numbers_that_were_sent() -> None:
    ledger = ledger_of({"transactions": [PURCHASE, {**PURCHASE, "amount": 1.005}]})

    # 0.29 * 100 is 28.999... in binary; 1.005 lies below itself.
    assert [each.minor for each in ledger.purchases] == [29, 101]


def test_purchases_are_put_in_order_of_time() -> None:
    earlier = {**PURCHASE, "timestamp": "2025-05-01T23:30:00-02:00", "merchant": "LATE SHOP"}

    ledger = ledger_of({"transactions": [PURCHASE, earlier]})

    assert [each.merchant for each in ledger.purchases] == ["LATE SHOP", "BODEN CAFE"]
    assert ledger.purchases[0].day.isoformat() == "2025-05-02"


def test_nothing_is_a_conversation_that_begins() -> None:
    assert problems_inside({}) == []
    assert session_of({}).intent == ""
    assert ledger_of({}).purchases == ()
