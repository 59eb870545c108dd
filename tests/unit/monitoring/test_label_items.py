"""What a label says about an answer, for each kind of answer."""

from dataclasses import replace
from typing import Any

import pytest

from mlops_platform.monitoring.captured_prediction import CapturedPrediction, Series
from mlops_platform.monitoring.feedback import Label, Truth
from mlops_platform.monitoring.label_items import Answer, LabelledPrediction
from mlops_platform.profiles.profile import LabelledScore

LABELLED = LabelledPrediction(
    prediction_id="p",
    series=Series("categorization", "0" * 64),
    hour="2026-03-02T12",
    score=0.75,
    answer=True,
    occurred_at=100,
    label=False,
    known_at=160,
    received_at=170,
    delay_seconds=60,
)


@pytest.mark.parametrize(
    ("answer", "label", "truth", "predicted"),
    [
        (True, False, False, True),
        (False, True, True, False),
        ("fuel", "fuel", True, True),
        ("fuel", "transport", False, True),
        (["i1", "i2"], "i2", True, True),
        (["i1", "i2"], "i3", False, True),
        ([], "i3", False, True),
    ],
)
def test_a_label_counts_by_the_kind_of_answer(
    answer: Answer, label: Truth, truth: bool, predicted: bool
) -> None:
    counted = replace(LABELLED, answer=answer, label=label).counted

    assert counted == LabelledScore(0.75, truth, 60, predicted)


@pytest.mark.parametrize(("answer", "label"), [(False, True), ("fuel", "fees"), (["i1"], "i1")])
def test_a_label_is_read_as_it_was_stored(answer: Answer, label: Truth) -> None:
    stored = replace(LABELLED, answer=answer, label=label)

    item = stored.put(expires_at=1_000)["Put"]["Item"]

    assert LabelledPrediction.from_item(item) == replace(stored, version=1)


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        (True, True),
        ("fuel", "fuel"),
        (["i1", "i2"], ["i1", "i2"]),
        ([{"item_id": "i1", "title": "One", "score": 0.5}, {"item_id": "i2"}], ["i1", "i2"]),
        ([], []),
    ],
)
def test_proposals_are_known_by_their_ids(output: Any, answer: Answer) -> None:
    prediction = CapturedPrediction(
        environment_id="e",
        sequence=1,
        prediction_id="p",
        series=LABELLED.series,
        hour=LABELLED.hour,
        minute=f"{LABELLED.hour}:00",
        record={
            "output": {"items": output, "confidence": 0.75},
            "occurred_at": "2026-03-02T12:00:00Z",
        },
    )

    labelled = LabelledPrediction.of(
        prediction,
        score_name="confidence",
        answer_name="items",
        label=Label("p", "i2", 1_772_452_860),
        received_at=1_772_452_870,
    )

    assert labelled.answer == answer
