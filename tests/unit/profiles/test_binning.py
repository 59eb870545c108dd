import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.profiles.binning import MAX_BINS, Binning

numbers = st.floats(width=32, allow_infinity=False)
samples = st.lists(numbers, max_size=200)


@given(samples, samples)
def test_counts_are_those_of_comparing_raw_values(training: list[float], seen: list[float]) -> None:
    binning = Binning.learn(training)
    values = np.array(seen, dtype=np.float32)
    counts = binning.counts(values)
    edges = np.array(binning.edges, dtype=np.float32)

    assert counts.sum() == len(values)
    assert counts[-1] == np.isnan(values).sum()
    if not len(edges):
        assert counts[-2] == (~np.isnan(values)).sum()
        return
    bounds = [*edges[:-1], np.inf]
    inside = values <= edges[-1]
    expected = [
        np.sum((values >= low) & (values < high) & inside)
        for low, high in itertools.pairwise(bounds)
    ]
    assert counts[0] == np.sum(values < edges[0])
    assert counts[1:-2].tolist() == expected
    assert counts[-2] == np.sum(values > edges[-1])


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1))
def test_training_itself_lies_in_no_open_bin(training: list[float]) -> None:
    counts = Binning.learn(training).counts(training)

    assert counts[0] == counts[-2] == counts[-1] == 0
    assert counts[1:-2].min() >= 1


@given(samples)
def test_edges_survive_json(training: list[float]) -> None:
    binning = Binning.learn(training)

    assert Binning.from_list(binning.to_list()) == binning


def test_few_values_get_a_bin_each() -> None:
    binning = Binning.learn([0.0] * 90 + [1.0] * 9 + [7.0])

    assert binning.counts([0.0, 0.0, 1.0, 7.0]).tolist() == [0, 2, 1, 1, 0, 0]


def test_many_values_get_bins_of_equal_count() -> None:
    values = np.random.default_rng(0).lognormal(size=32_000).astype(np.float32)
    binning = Binning.learn(values)

    assert binning.n_bins == MAX_BINS + 3
    assert binning.counts(values)[1:-2].tolist() == [1_000] * MAX_BINS


def test_a_value_written_as_its_shortest_decimal_stays_in_its_bin() -> None:
    value = np.float32(0.1)
    binning = Binning.learn([value, np.float32(0.2)])

    assert binning.counts([0.1]).tolist() == binning.counts([value]).tolist()


def test_a_number_too_large_for_the_model_lies_above_everything() -> None:
    assert Binning.learn([1.0]).counts([1e300, np.inf]).tolist() == [0, 0, 2, 0]


def test_edges_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(ValueError, match="ascend"):
        Binning.from_list([2.0, 1.0])
