"""Roughened utterances keep their slots and their meaning."""

from datetime import date

import numpy as np
import pytest

from mlops_platform.data.world.world import World
from mlops_platform.models.selfmate.augmentation import augmented, roughened
from mlops_platform.models.selfmate.dataset import UtteranceDataset, from_table
from mlops_platform.models.selfmate.slot_labels import Span

DAY = date(2025, 1, 6)
AS_OF = 1_800_000_000


@pytest.fixture(scope="module")
def rows() -> UtteranceDataset:
    return from_table(World(seed=5, n_users=20).utterances(DAY, DAY).to_pandas(), AS_OF)


def named(dataset: UtteranceDataset) -> list[list[tuple[str, str]]]:
    """What each utterance names, in words."""
    return [
        [(span.name, text[span.start : span.end]) for span in spans]
        for text, spans in zip(dataset.text, dataset.slots, strict=True)
    ]


def test_what_is_named_stays_word_for_word(rows: UtteranceDataset) -> None:
    assert named(augmented(rows, 0)) == named(rows)


def test_about_half_of_the_utterances_stay_as_they_are(rows: UtteranceDataset) -> None:
    rough = augmented(rows, 0)

    assert len(rough) == len(rows)
    assert 0.4 < np.mean(rough.text == rows.text) < 0.8
    assert (rough.intent == rows.intent).all()


def test_the_same_seed_makes_the_same_slips(rows: UtteranceDataset) -> None:
    assert augmented(rows, 3).text.tolist() == augmented(rows, 3).text.tolist()
    assert augmented(rows, 3).text.tolist() != augmented(rows, 4).text.tolist()


@pytest.mark.parametrize("text", ["", "?", "Hi", "ab cd", "Boden"])
def test_short_texts_have_nothing_to_slip_on(text: str) -> None:
    random = np.random.default_rng(0)
    slots = [Span(0, 5, "merchant")] if text == "Boden" else []
    for _ in range(50):
        said, spans = roughened(random, text, slots)
        assert text in said.replace("...", "?") or not text.strip("?")
        assert all(said[span.start : span.end] == "Boden" for span in spans)
