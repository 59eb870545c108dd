"""What a fault of the world says about the model's inputs is true of them."""

from datetime import date, timedelta
from fnmatch import fnmatch

import numpy as np
import pytest

from mlops_platform.data.world.faults import KINDS, Fault
from mlops_platform.data.world.world import World
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.models.fraud_detection.dataset import FraudDataset, from_tables
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES

FIRST = date(2025, 1, 6)
SINCE = FIRST + timedelta(days=20)
LAST = SINCE + timedelta(days=2)


def observed(*faults: Fault) -> FraudDataset:
    world = World(seed=3, n_users=200, n_merchants=300, faults=faults)
    labels = world.labels(FIRST, LAST, until=LAST)
    return from_tables(world.transactions(FIRST, LAST).to_pandas(), labels.to_pandas())


@pytest.mark.parametrize("name", KINDS)
def test_the_inputs_that_a_fault_names_change_and_the_others_stay(name: str) -> None:
    sound, faulty = observed().features(), observed(Fault(name, SINCE)).features()
    differs = {
        feature
        for index, feature in enumerate(FEATURE_NAMES)
        if not np.array_equal(sound[:, index], faulty[:, index], equal_nan=True)
    }

    named = {
        feature
        for feature in FEATURE_NAMES
        if any(fnmatch(feature, pattern) for pattern in KINDS[name].inputs)
    }
    assert differs <= named
    assert len(differs) > 0.6 * len(named)


def test_rows_since_a_moment_are_the_last_ones_of_all() -> None:
    dataset = observed()
    moment = int(dataset.timestamp[-1]) // DAY_SECONDS * DAY_SECONDS
    rows = dataset.features(since=moment)

    assert 0 < len(rows) < len(dataset)
    np.testing.assert_array_equal(rows, dataset.features()[-len(rows) :])
