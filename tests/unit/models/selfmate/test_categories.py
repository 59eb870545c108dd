"""Which category a phrase means, by the word and by meaning."""

import numpy as np
import pytest

from mlops_platform.models.selfmate.categories import (
    category_called,
    category_spans,
    nearest_category,
    phrases_of,
)
from mlops_platform.models.selfmate.category_graph import COMMON, category_graph
from mlops_platform.models.selfmate.category_reader import CategoryReader

HIDDEN = 16


def embed(text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """A direction of its own for each text."""
    vector = np.random.default_rng(list(text.encode())).normal(size=HIDDEN)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


@pytest.fixture(scope="module")
def reader() -> CategoryReader:
    graph = category_graph(lambda texts: np.stack([embed(text) for text in texts]))
    return CategoryReader.from_bytes(graph.SerializeToString(), COMMON)


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("Petrol", "fuel"),
        ("the phone bill", "phone"),
        ("lunches", "eating_out"),
        ("eating out", "eating_out"),
        ("unheard of", None),
        ("", None),
    ],
)
def test_a_phrase_names_its_category_in_any_number_and_case(
    said: str, category: str | None
) -> None:
    assert category_called(said, []) == category


def test_a_user_s_own_name_for_a_category_is_the_one_that_answers() -> None:
    assert category_called("restaurants", ["dining"]) == "dining"
    assert category_called("restaurants", ["dining", "eating_out"]) == "eating_out"
    assert category_called("pet care", ["pet_care"]) == "pet_care"


def test_words_that_say_other_things_too_name_no_category_in_a_sentence() -> None:
    assert category_spans("Show me the charges, and book a game", []) == []
    assert category_called("charges", []) == "fees"


def test_no_phrase_belongs_to_two_categories() -> None:
    for category in COMMON:
        for phrase in phrases_of(category):
            assert category_called(phrase, []) == category


def test_the_graph_returns_the_largest_cosine_with_a_category_s_phrases(
    reader: CategoryReader,
) -> None:
    vector = embed("something else")

    nearness = reader.read(vector)

    assert list(nearness) == list(COMMON)
    for category in COMMON:
        cosines = [float(embed(phrase) @ vector) for phrase in phrases_of(category)]
        assert nearness[category] == pytest.approx(max(cosines), abs=1e-6)


def test_the_nearest_category_is_the_user_s_own_where_it_comes_closest() -> None:
    def meaning(text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        return np.array([1.0, 0.0] if text in {"vet", "pets"} else [0.0, 1.0], dtype=np.float32)

    far = dict.fromkeys(COMMON, 0.1)

    assert nearest_category("vet", ["pets"], meaning, lambda _: far) == "pets"
    assert nearest_category("vet", ["gardens"], meaning, lambda _: far) is None
    assert nearest_category("vet", ["pets"], meaning, lambda _: far | {"health": 1.1}) == "health"


def test_a_phrase_that_holds_one_category_s_name_means_it() -> None:
    assert nearest_category("food and drink at home", [], embed, lambda _: {"fees": 1.0}) == (
        "groceries"
    )
