"""What users say about merchants, against closed forms."""

import json

import numpy as np
import pytest

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


def test_without_corrections_the_model_stands() -> None:
    np.testing.assert_array_equal(Corrections().apply(MODEL, CLASSES, "ann", "stall"), MODEL)


def test_one_correction_wins_against_a_model_that_is_certain_of_something_else() -> None:
    certain = np.array([1.0, 0.0, 0.0], dtype=np.float32)
    corrected = told("fuel").apply(certain, CLASSES, "ann", "stall")

    # The user's label is also the brand's one vote.
    shared = 1 / (MODEL_VOTES + 1)
    expected = (MODEL_VOTES * shared + OWN_VOTES) / (MODEL_VOTES + OWN_VOTES)
    assert corrected[2] == pytest.approx(expected, abs=1e-6)
    assert corrected.argmax() == 2
    assert corrected.sum() == pytest.approx(1.0, abs=1e-6)


def test_another_user_sees_the_brands_votes_alone() -> None:
    memory = told("fuel")
    for user in ("bob", "cleo"):
        memory.learn(user, "stall", "food")
    corrected = memory.apply(MODEL, CLASSES, "dan", "stall")

    expected = (MODEL_VOTES * MODEL.astype(float) + [0, 2, 1]) / (MODEL_VOTES + 3)
    np.testing.assert_allclose(corrected, expected, atol=1e-6)


def test_another_brand_is_not_touched() -> None:
    np.testing.assert_array_equal(told("fuel").apply(MODEL, CLASSES, "ann", "other"), MODEL)


def test_many_votes_approach_their_shares() -> None:
    shares = posterior(MODEL, CLASSES, {"food": 9_000, "fuel": 1_000}, MODEL_VOTES)

    np.testing.assert_allclose(shares, [0, 0.9, 0.1], atol=1e-3)


def test_a_user_has_one_vote_however_often_they_repeat_themselves() -> None:
    memory = told(*["fuel"] * 100)

    assert memory.votes("stall") == {"fuel": 1}


def test_a_changed_mind_moves_the_vote() -> None:
    memory = told("fuel", "food")

    assert memory.own_label("ann", "stall") == "food"
    assert memory.votes("stall") == {"food": 1}


def test_one_slip_does_not_overturn_a_habit_but_two_in_a_row_always_do() -> None:
    assert told("food", "food", "food", "fuel").own_label("ann", "stall") == "food"
    assert told(*["food"] * 500, "fuel", "fuel").own_label("ann", "stall") == "fuel"


def test_weights_decay_geometrically() -> None:
    memory = told("food", "fuel", "food")

    weights = memory.own["ann", "stall"]
    assert weights == pytest.approx({"food": DECAY**2 + 1, "fuel": DECAY})


def test_a_category_that_the_model_does_not_know_is_remembered_and_changes_no_probability() -> None:
    memory = told("pets")
    corrected = memory.apply(MODEL, CLASSES, "ann", "stall")

    assert memory.own_label("ann", "stall") == "pets"
    np.testing.assert_allclose(corrected, MODEL, atol=1e-6)


def test_corrections_survive_json() -> None:
    memory = told("food", "fuel")
    memory.learn("bob", "stall", "food")
    again = Corrections.from_rows(json.loads(json.dumps(memory.to_rows())))

    assert again.to_rows() == memory.to_rows()
    assert again.votes("stall") == memory.votes("stall")
