import itertools
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.models.selfmate.text_features import (
    N_BUCKETS,
    hashed_ngrams,
    normalised,
)


def ngrams_counted_in_plain_python(text: str) -> Counter[tuple[str, ...]]:
    """The strings whose hashes the features are."""
    clean = normalised(text)
    words = clean.split()
    characters = [
        ("characters", clean[start : start + length])
        for length in (2, 3, 4, 5)
        for start in range(len(clean) - length + 1)
    ]
    return Counter([*characters, *((w,) for w in words), *itertools.pairwise(words)])


@given(st.text(alphabet="abc 1£?'é", max_size=60))
def test_every_ngram_is_counted_once_in_its_bucket(text: str) -> None:
    expected = ngrams_counted_in_plain_python(text)

    row = hashed_ngrams(text)

    assert row.counts.sum() == expected.total()
    # A million buckets for a few hundred strings: a collision may happen, two hardly do.
    assert len(expected) - 1 <= len(row.buckets) <= len(expected)
    if len(row.buckets) == len(expected):
        assert sorted(row.counts.tolist()) == sorted(expected.values())


@given(st.text(max_size=80))
def test_any_text_gives_ascending_buckets_in_range(text: str) -> None:
    row = hashed_ngrams(text)

    assert (np.diff(row.buckets) > 0).all()
    assert len(row.buckets) == 0 or (row.buckets[0] >= 0 and row.buckets[-1] < N_BUCKETS)


def test_case_width_spaces_and_figures_make_no_difference() -> None:
    plain = hashed_ngrams("paid £25 today")
    dressed = hashed_ngrams("  \uff30AID £37\ttoday ")

    np.testing.assert_array_equal(plain.buckets, dressed.buckets)


def test_the_hash_is_the_same_on_every_machine() -> None:
    # The graph's weights are addressed by these: they may never change within a feature version.
    assert int(hashed_ngrams("lost card").buckets.sum()) == 18760368
