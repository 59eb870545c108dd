"""What users say about merchants, against closed forms."""

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from mlops_platform.models.categorization.corrections import (
    DECAY,
    MODEL_VOTES,
    OWN_VOTES,
    Corrections,
    posterior,
)

CLASSES = ("books", "food", "fuel")
MODEL = np.array([0.7, 0.2, 0.1], dtype=np.float32)


def told(*categories: str, user: str = "ann", brand: str = "stall") -> Corrections:
    memory = Corrections()
    for category in categories:
        memory.learn(user, brand, category)
    return memory


def corrected(
    memory: Corrections, model: NDArray[np.float32] = MODEL, user: str = "ann", brand: str = "stall"
) -> NDArray[np.float32]:
    (answer,) = posterior(model[None, :], memory.votes(CLASSES, user, brand)[None, :])
    return np.asarray(answer)


def test_without_corrections_the_model_stands() -> None:
    np.testing.assert_allclose(corrected(Corrections()), MODEL, atol=1e-7)


def test_one_correction_wins_against_a_model_that_is_certain_of_something_else() -> None:
    answer = corrected(told("fuel"), np.array([1.0, 0.0, 0.0], dtype=np.float32))

    assert answer[2] == pytest.approx(OWN_VOTES / (MODEL_VOTES + OWN_VOTES), abs=1e-6)
    assert answer.argmax() == 2
    assert answer.sum() == pytest.approx(1.0, abs=1e-6)


def test_another_user_and_another_brand_are_not_touched() -> None:
    np.testing.assert_allclose(corrected(told("fuel"), user="bob"), MODEL, atol=1e-7)
    np.testing.assert_allclose(corrected(told("fuel"), brand="other"), MODEL, atol=1e-7)


def test_one_slip_does_not_overturn_a_habit_but_two_in_a_row_always_do() -> None:
    assert told("food", "food", "food", "fuel").own_label("ann", "stall") == "food"
    assert told(*["food"] * 500, "fuel", "fuel").own_label("ann", "stall") == "fuel"


def test_weights_decay_geometrically() -> None:
    memory = told("food", "fuel", "food")

    weights = memory.own["ann", "stall"]
    assert weights == pytest.approx({"food": DECAY**2 + 1, "fuel": DECAY})


def test_a_category_that_the_model_does_not_know_is_remembered_and_changes_no_probability() -> None:
    memory = told("pets")

    assert memory.own_label("ann", "stall") == "pets"
    np.testing.assert_allclose(corrected(memory), MODEL, atol=1e-6)


def test_corrections_survive_json() -> None:
    memory = told("food", "fuel")
    memory.learn("bob", "stall", "food")
    again = Corrections.from_rows(json.loads(json.dumps(memory.to_rows())))

    assert again.to_rows() == memory.to_rows()
