"""What an utterance names: labels, the tagger, its graph, and what grammar and ledger know."""

import itertools
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.models.selfmate.encoder import EncodedText
from mlops_platform.models.selfmate.known_spans import known_spans, masked, merged, trimmed
from mlops_platform.models.selfmate.slot_labels import (
    LABELS,
    Span,
    best_labels,
    spans_of,
    token_labels,
)
from mlops_platform.models.selfmate.slot_tagger import SlotTagger, slot_graph
from mlops_platform.models.selfmate.slots import SlotReader
from mlops_platform.models.selfmate.tools.ledger import Goal, Ledger, Purchase

HIDDEN = 8
LEDGER = Ledger(
    purchases=(Purchase(date(2025, 5, 2), 500, "PAYPAL *BODEN CAFE 12", "pets"),),
    goals=(Goal("new car", 100, 0, date(2026, 1, 1)),),
)


def made_up(seed: int) -> tuple[EncodedText, list[Span]]:
    """Six words, of which one or two name a shop; each kind of word has its direction."""
    random = np.random.default_rng(seed)
    offsets = [(0, 0), *((4 * n, 4 * n + 3) for n in range(6)), (0, 0)]
    first, length = int(random.integers(0, 5)), int(random.integers(1, 3))
    last = min(first + length, 6)
    states = random.normal(scale=0.1, size=(8, HIDDEN)).astype(np.float32)
    states[first + 1 : last + 1, 0] += 1
    span = Span(4 * first, 4 * last - 1, "merchant")
    return EncodedText(states, offsets, states.mean(axis=0)), [span]


@pytest.fixture(scope="module")
def tagger() -> SlotTagger:
    texts, slots = zip(*(made_up(seed) for seed in range(200)), strict=True)
    return SlotTagger(alpha=1.0).fit(texts, slots)


@given(st.lists(st.tuples(st.integers(1, 3), st.booleans()), min_size=1, max_size=8))
def test_spans_survive_their_labels(words: list[tuple[int, bool]]) -> None:
    offsets, slots, position = [(0, 0)], [], 0
    for n_tokens, is_slot in words:
        tokens = [(position + 2 * n, position + 2 * n + 2) for n in range(n_tokens)]
        if is_slot:
            slots.append(Span(position, position + 2 * n_tokens, "goal"))
        offsets += tokens
        position += 2 * n_tokens + 1

    assert spans_of(token_labels(offsets, slots).tolist(), offsets) == slots


def test_no_slot_goes_on_without_a_beginning() -> None:
    random = np.random.default_rng(0)
    for _ in range(100):
        labels = [LABELS[n] for n in best_labels(random.normal(size=(7, len(LABELS))))]
        for before, after in zip(["O", *labels], labels, strict=False):
            assert not after.startswith("I-") or before[1:] == after[1:]


def test_the_best_labels_are_those_of_an_exhaustive_search() -> None:
    random = np.random.default_rng(1)
    scores = random.normal(size=(3, len(LABELS)))

    def total(labels: tuple[int, ...]) -> float:
        names = ["O", *(LABELS[n] for n in labels)]
        if any(b.startswith("I-") and a[1:] != b[1:] for a, b in itertools.pairwise(names)):
            return -np.inf
        return float(sum(scores[row, label] for row, label in enumerate(labels)))

    everything = np.ndindex(*[len(LABELS)] * 3)

    assert tuple(best_labels(scores)) == max(everything, key=total)


def test_names_are_found_by_what_stands_there(tagger: SlotTagger) -> None:
    reader = SlotReader.from_bytes(slot_graph(tagger).SerializeToString())
    unseen = [made_up(seed) for seed in range(1_000, 1_100)]

    right = [reader.read(encoded) == slots for encoded, slots in unseen]

    assert np.mean(right) > 0.9


def test_the_graph_scores_as_the_tagger(tagger: SlotTagger) -> None:
    reader = SlotReader.from_bytes(slot_graph(tagger).SerializeToString())
    encoded, _ = made_up(5)

    np.testing.assert_allclose(
        reader.scores(encoded.tokens), tagger.decision_function(encoded.tokens), atol=1e-6
    )


def test_periods_amounts_and_the_users_own_names_are_known() -> None:
    text = "Over £50 at Boden Cafe since March for pets, or the new car?"

    found = {(text[span.start : span.end], span.name) for span in known_spans(text, LEDGER)}

    assert found == {
        ("£50", "amount"),
        ("Boden Cafe", "merchant"),
        ("Cafe", "category"),
        ("since March", "period"),
        ("pets", "category"),
        ("new car", "goal"),
    }


def test_a_longer_span_stays_and_equal_names_become_one() -> None:
    tagged = [Span(0, 10, "merchant"), Span(20, 25, "period")]
    known = [Span(6, 10, "category"), Span(18, 30, "period"), Span(40, 44, "amount")]

    assert merged(tagged, known) == [
        Span(0, 10, "merchant"),
        Span(18, 30, "period"),
        Span(40, 44, "amount"),
    ]


def test_a_period_that_no_grammar_reads_is_none() -> None:
    assert merged([Span(0, 9, "period")], [Span(12, 20, "period")]) == [Span(12, 20, "period")]


@pytest.mark.parametrize(
    ("text", "name"),
    [("Boden Cafe then", "Boden Cafe"), ("The Works too so", "The Works"), ("it", "it")],
)
def test_function_words_at_the_end_belong_to_no_name(text: str, name: str) -> None:
    span = trimmed(text, Span(0, len(text), "merchant"))

    assert text[span.start : span.end] == name


@given(
    st.lists(
        st.builds(
            lambda start, length, name: Span(start, start + length, name),
            st.integers(0, 30),
            st.integers(1, 10),
            st.sampled_from(["merchant", "period"]),
        ),
        max_size=6,
    )
)
def test_merged_spans_never_overlap(known: list[Span]) -> None:
    spans = merged([], known)

    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    assert len(masked("x" * 40, spans)) >= 1
