import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.errors import MalformedRequestError, RequestValidationError
from mlops_platform.monitoring.captured_prediction import read_prediction_id
from mlops_platform.monitoring.feedback import MAX_LABELS, Feedback, Label, parse_feedback
from mlops_platform.serving.prediction_id import prediction_id as serving_id
from mlops_platform.serving.prediction_id import time_ordered_uuid
from tests.unit.monitoring.small_platform import MODEL, NOON, prediction_id

NAME = prediction_id(NOON * 1_000, Random(0))  # noqa: S311 - repeatable on purpose


def body(*labels: Any, **more: Any) -> str:
    return json.dumps({"labels": labels, **more})


def test_labels_are_read_and_those_without_a_time_are_known_since_now() -> None:
    told = {"prediction_id": NAME, "label": False, "label_timestamp": "2026-03-02T11:00:00Z"}

    feedback = parse_feedback(MODEL, body({"prediction_id": NAME, "label": True}, told), NOON)

    assert feedback.labels == [Label(NAME, True, NOON), Label(NAME, False, NOON - 3_600)]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2**40)), max_size=5))
def test_the_message_is_read_back(labels: list[tuple[bool, int]]) -> None:
    named = [Label(NAME, *label) for label in labels]
    feedback = Feedback(model_name=MODEL, received_at=NOON, labels=named)

    assert Feedback.from_message(feedback.to_message()) == feedback


def test_an_id_that_serving_makes_says_whose_and_of_which_minute_it_is() -> None:
    name = read_prediction_id(serving_id(time_ordered_uuid(), MODEL, "12.0.3"))

    assert name.model_name == MODEL
    assert read_prediction_id(NAME).minute == "2026-03-02T12:00"


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"labels": NaN}'])
def test_what_is_no_object_is_malformed(text: str) -> None:
    with pytest.raises(MalformedRequestError, match="labels"):
        parse_feedback(MODEL, text, NOON)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{}", "labels"),
        (body(), "labels"),
        (json.dumps({"labels": {}}), "labels"),
        (body(*[{}] * (MAX_LABELS + 1)), "labels"),
        (body({"prediction_id": NAME, "label": True}, extra=1), "extra"),
        (body(3), "labels[0]"),
        (body({"prediction_id": NAME}), "labels[0].label"),
        (body({"prediction_id": NAME, "label": 1}), "labels[0].label"),
        (body({"label": True}), "labels[0].prediction_id"),
        (body({"prediction_id": NAME + "\n", "label": True}), "labels[0].prediction_id"),
        (body({"prediction_id": "f" * 8 + NAME[8:], "label": True}), "labels[0].prediction_id"),
        (
            body({"prediction_id": NAME.replace(MODEL, "recommendation"), "label": True}),
            "labels[0].prediction_id",
        ),
        (body({"prediction_id": NAME, "label": True, "why": ""}), "labels[0].why"),
        *(
            (
                body({"prediction_id": NAME, "label": True, "label_timestamp": time}),
                "labels[0].label_timestamp",
            )
            for time in ("soon", 3, "2026-03-03T12:00:01Z")
        ),
    ],
)
def test_each_wrong_field_is_named(text: str, field: str) -> None:
    with pytest.raises(RequestValidationError) as refusal:
        parse_feedback(MODEL, text, NOON)

    assert [problem["field"] for problem in refusal.value.problems] == [field]


@pytest.mark.parametrize("label", ["yes", 1, None])
def test_a_model_that_answers_yes_or_no_takes_no_other_label(label: Any) -> None:
    with pytest.raises(RequestValidationError, match="true or false"):
        parse_feedback(MODEL, body({"prediction_id": NAME, "label": label}), NOON)
