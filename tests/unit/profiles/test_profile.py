import json
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.errors import ProfileError
from mlops_platform.profiles.profile import LabelledScore, Profile
from tests.unit.profiles.small_reference import record, small_reference

REFERENCE = small_reference()
inputs = st.one_of(st.none(), st.floats(width=32, allow_nan=False, allow_infinity=False))
records = st.lists(
    st.builds(
        record,
        st.lists(inputs, min_size=2, max_size=2),
        st.floats(0, 1, width=32),
        compute_ms=st.floats(0, 2_000),
        degraded=st.sampled_from([[], ["feature_lookup"]]),
    ),
    max_size=20,
)
labels = st.lists(
    st.builds(LabelledScore, st.floats(0, 1), st.booleans(), st.floats(0, 4e6), st.booleans()),
    max_size=20,
)
profiles = st.one_of(
    records.map(lambda rows: Profile.of(REFERENCE, rows)),
    labels.map(lambda known: Profile.of_labels(REFERENCE, known)),
)


def same(first: Profile, second: Profile) -> bool:
    return first.to_bytes() == second.to_bytes()


@given(profiles, profiles, profiles)
def test_merging_is_associative_and_commutative(a: Profile, b: Profile, c: Profile) -> None:
    assert same(a.merge(b), b.merge(a))
    assert same(a.merge(b).merge(c), a.merge(b.merge(c)))
    assert same(a.merge(Profile.empty(REFERENCE)), a)
    assert same(a.merge(b).merge(b.negated()), a)


@given(records, records)
def test_parts_add_up_to_the_whole(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> None:
    parts = Profile.of(REFERENCE, a).merge(Profile.of(REFERENCE, b))

    assert same(parts, Profile.of(REFERENCE, a + b))


@given(records)
def test_counts_are_those_of_the_raw_values(rows: list[dict[str, Any]]) -> None:
    profile = Profile.of(REFERENCE, rows)
    bins = profile.counters["bins"]
    compute_ms = np.array([row["compute_ms"] for row in rows])

    for index, (name, binning) in enumerate(REFERENCE.inputs.items()):
        raw = np.array([row["inputs"][index] for row in rows], dtype=np.float32)
        assert bins[REFERENCE.sections[name]].tolist() == binning.counts(raw).tolist()
    assert bins[REFERENCE.sections[""]].sum() == profile.n == len(rows)
    assert profile.n_degraded == sum(row["degraded"] != [] for row in rows)
    assert profile.counters["compute_ms"][:2].tolist() == [
        np.sum(compute_ms <= 0.5),
        np.sum((compute_ms > 0.5) & (compute_ms <= 1.0)),
    ]


@given(profiles)
def test_the_body_is_read_back(profile: Profile) -> None:
    assert same(Profile.from_bytes(profile.to_bytes()), profile)


def test_labels_are_counted_by_score_and_by_how_late_they_came() -> None:
    profile = Profile.of_labels(
        REFERENCE,
        [LabelledScore(0.9, True, 3_600, True), LabelledScore(0.2, False, 7 * 86_400, True)],
    )

    positive, negative = (profile.counters[name] for name in ("positive", "negative"))
    assert positive.tolist() == REFERENCE.score.counts([0.9]).tolist()
    assert negative.tolist() == REFERENCE.score.counts([0.2]).tolist()
    assert np.flatnonzero(profile.counters["label_delay"]).tolist() == [0, 6]
    assert profile.counters["confusion"].tolist() == [0, 0, 1, 1]
    assert (profile.n, profile.n_labelled) == (0, 2)


def test_other_bins_are_not_added() -> None:
    with pytest.raises(ProfileError, match="other bins"):
        Profile.empty(REFERENCE).merge(Profile.empty(small_reference(seed=1)))


@pytest.mark.parametrize(
    "broken",
    [record([1.0], 0.5), record([1.0, 2.0], 0.5, output={}), {"inputs": [1.0, 2.0]}],
)
def test_a_record_of_another_model_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ProfileError, match="bundle_sha256"):
        Profile.of(REFERENCE, [broken])


def test_a_damaged_body_is_refused() -> None:
    header = json.dumps({"schema_version": 2, "bins_sha256": "", "sizes": {}}).encode()

    for content in (b"nothing", zlib.compress(b"{}"), zlib.compress(header + b"\n")):
        with pytest.raises(ProfileError, match="prediction log"):
            Profile.from_bytes(content)
