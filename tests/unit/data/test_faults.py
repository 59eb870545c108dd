"""A fault changes what it says it changes, from its day on, and nothing else."""

from datetime import date, timedelta
from fnmatch import fnmatch

import numpy as np
import pytest

from mlops_platform.data.world.faults import KINDS, Fault
from mlops_platform.data.world.world import World
from mlops_platform.errors import ConfigurationError
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES

DAY = date(2025, 3, 1)
SOUND = World(seed=3, n_users=300, n_merchants=200)


def faulty(name: str, since: date = DAY) -> World:
    return World(seed=3, n_users=300, n_merchants=200, faults=(Fault(name, since),))


def differing_columns(name: str, day: date) -> set[str]:
    before, after = SOUND.transactions(day, day), faulty(name).transactions(day, day)
    return {column for column in before.column_names if not before[column].equals(after[column])}


@pytest.mark.parametrize("name", KINDS)
def test_a_fault_changes_its_columns_from_its_day_on(name: str) -> None:
    assert differing_columns(name, DAY) == set(KINDS[name].columns)
    assert differing_columns(name, DAY - timedelta(days=1)) == set()


@pytest.mark.parametrize("name", KINDS)
def test_a_fault_leaves_the_truth_and_its_labels_alone(name: str) -> None:
    before, after = SOUND.day(DAY), faulty(name).day(DAY)

    assert after.labels.equals(before.labels)
    assert (after.scenario == before.scenario).all()


@pytest.mark.parametrize("name", KINDS)
def test_every_pattern_of_inputs_names_inputs_of_the_model(name: str) -> None:
    for pattern in KINDS[name].inputs:
        assert any(fnmatch(feature, pattern) for feature in FEATURE_NAMES), pattern


def test_a_spending_shift_makes_honest_purchases_dearer_and_turns_fraud_to_gift_cards() -> None:
    before, after = SOUND.day(DAY), faulty("spending_shift").day(DAY)
    amounts = [day.transactions["amount"].to_numpy() for day in (before, after)]
    honest = before.scenario == ""
    stolen = before.scenario == "stolen_card"

    assert amounts[1][honest].mean() / amounts[0][honest].mean() == pytest.approx(1.6, abs=0.02)
    assert (amounts[1][stolen] == 60.0).mean() > 0.5


def test_a_broken_upstream_sends_pence_for_pounds_online() -> None:
    before, after = (w.transactions(DAY, DAY) for w in (SOUND, faulty("broken_upstream")))
    online = after["channel"].to_numpy(zero_copy_only=False) == "online"
    ratio = after["amount"].to_numpy() / before["amount"].to_numpy()

    np.testing.assert_allclose(ratio, np.where(online, 100.0, 1.0))


def test_new_merchants_are_new_and_take_their_share() -> None:
    known = set(SOUND.merchants.identifier)
    merchants = faulty("new_merchants").transactions(DAY, DAY)["merchant_id"].to_pylist()

    assert np.mean([m not in known for m in merchants]) == pytest.approx(0.3, abs=0.05)


def test_a_fault_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="spending_shift"):
        Fault("spending_shfit", DAY)
