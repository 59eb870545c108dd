"""Each misuse of a request is named by its field."""

import dataclasses
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.bundle.signature import MAX_IDENTIFIERS, MAX_TEXT, Field, Signature
from mlops_platform.models.fraud_detection.signature import REQUEST


def fields_with_problems(features: dict[str, Any]) -> list[str]:
    return [problem["field"] for problem in Signature(REQUEST).problems_of(features)]


@pytest.mark.parametrize(
    ("features", "fields"),
    [
        ({}, ["amount"]),
        ({"amount": None}, ["amount"]),
        ({"amount": "12"}, ["amount"]),
        ({"amount": True}, ["amount"]),
        ({"amount": math.nan}, ["amount"]),
        ({"amount": math.inf}, ["amount"]),
        ({"amount": 0}, ["amount"]),
        ({"amount": -1.5}, ["amount"]),
        ({"amount": 1, "colour": "red"}, ["colour"]),
        ({"amount": 1, "user_id": []}, ["user_id"]),
        ({"amount": 1, "user_id": ""}, ["user_id"]),
        ({"amount": 1, "description": 5}, ["description"]),
        ({"amount": 1, "description": "x" * 257}, ["description"]),
        ({"amount": 1, "timestamp": "soon"}, ["timestamp"]),
        ({"amount": 1, "timestamp": 5}, ["timestamp"]),
        ({"amount": 1, "timestamp": "1999-12-31T23:59:59Z"}, ["timestamp"]),
        ({"amount": 1, "timestamp": "0001-01-01T00:00:00+05:00"}, ["timestamp"]),
        ({"amount": 1, "timestamp": "9999-12-31T23:59:59-05:00"}, ["timestamp"]),
        ({"amount": 1, "merchant": "m", "merchant_id": "m"}, ["merchant"]),
        ({"amount": "x", "user_id": {}, "a": 1}, ["a", "amount", "user_id"]),
    ],
)
def test_a_problem_is_named_by_its_field(features: dict[str, Any], fields: list[str]) -> None:
    assert fields_with_problems(features) == fields


def test_the_documented_example_is_accepted_and_its_alias_resolved() -> None:
    features = {"amount": 100.0, "merchant": "grocery_store"}

    assert fields_with_problems(features) == []
    assert Signature(REQUEST).renamed(features) == {"amount": 100.0, "merchant_id": "grocery_store"}


def test_a_moment_may_be_a_clocks_error_ahead_and_no_more() -> None:
    now = datetime.now(UTC)

    def problems(ahead: timedelta) -> list[str]:
        return fields_with_problems({"amount": 1, "timestamp": (now + ahead).isoformat()})

    assert problems(timedelta(hours=23)) == []
    assert problems(timedelta(hours=25)) == ["timestamp"]


NUMBERS = [
    Field(name="a", type="number", required=True, positive=True),
    Field(name="b", type="number", required=True),
    Field(name="c", type="number"),
]


@given(
    st.dictionaries(
        st.sampled_from("abcd"),
        st.floats() | st.integers(-2, 2) | st.booleans() | st.none() | st.text(max_size=1),
    )
)
def test_numbers_judged_together_are_judged_as_each_of_them_alone(features: dict[str, Any]) -> None:
    # A field with a second name is looked at by itself.
    alone = [dataclasses.replace(field, alias=field.name * 2) for field in NUMBERS]

    judged = Signature(NUMBERS).problems_of(features)

    assert judged == Signature(alone).problems_of(features)


OWNED = Field(name="owned", type="identifiers")


@pytest.mark.parametrize("owned", [[], ["a"], ["a", 7, "a"], ["a"] * MAX_IDENTIFIERS, None])
def test_a_list_of_identifiers_may_be_empty_and_hold_one_twice(owned: list[str | int]) -> None:
    assert Signature([OWNED]).problems_of({"owned": owned}) == []


@pytest.mark.parametrize(
    ("owned", "said"),
    [
        ("a", "'a' is not a list"),
        ({"a": 1}, "is not a list"),
        (["a", 1.5], "at place 1: 1.5 is not an identifier"),
        (["a", "b", ""], "at place 2: '' is not an identifier"),
        ([["a"]], "at place 0: ['a'] is not an identifier"),
        ([True], "at place 0: True is not an identifier"),
        (["a" * (MAX_TEXT + 1)], "at place 0: longer than"),
        (["a"] * (MAX_IDENTIFIERS + 1), f"send at most {MAX_IDENTIFIERS}"),
    ],
)
def test_a_list_of_something_else_is_one_problem_that_says_where(owned: Any, said: str) -> None:
    (problem,) = Signature([OWNED]).problems_of({"owned": owned})

    assert problem["field"] == "owned"
    assert said in problem["message"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([f.name for f in REQUEST]) | st.text(), JSON))
def test_whatever_is_sent_is_judged_without_an_error(features: dict[str, Any]) -> None:
    assert all(problem["message"] for problem in Signature(REQUEST).problems_of(features))
