"""The drift benchmark's own instruments."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.drift.kept import keep, kept
from benchmarks.drift.measuring import Faulty, Quiet, watch_fault, watch_quiet
from benchmarks.drift.peers import RULES
from benchmarks.drift.worlds import AS_OF_DAY, FAULT_AFTER_DAYS, QUIET, Watched
from mlops_platform.profiles.reference import ReferenceProfile

# Since 1970-01-01.
DAY = (AS_OF_DAY - timedelta(days=28)).toordinal() - 719_163
N = 2_000


def watched(shift: float = 0.0) -> Watched:
    """A made-up amount over 28 days, then 10 days of which the last two may lie higher."""
    random = np.random.default_rng(0)
    amount = random.normal(size=(28 * N, 1)).astype(np.float32)
    score = random.random(28 * N).astype(np.float32)
    day = np.repeat(np.arange(28) + DAY, N)
    reference = ReferenceProfile.learn(("amount",), amount, score, day, score_name="risk")
    later = random.normal(size=(10 * N, 1)).astype(np.float32)
    later[FAULT_AFTER_DAYS * N :] += shift
    group = np.repeat(np.arange(10), N)
    counts = reference.count(later, random.random(10 * N).astype(np.float32), group, 10)
    return Watched(reference, {QUIET: counts, "spending_shift": counts})


def test_counts_are_kept_as_they_are(tmp_path: Path) -> None:
    made = watched()
    path = tmp_path / "deeper/demo-0.npz"
    assert kept(path) is None

    keep(path, made)
    again = kept(path)

    assert again is not None
    assert again.reference.to_bytes() == made.reference.to_bytes()
    np.testing.assert_array_equal(again.counts[QUIET], made.counts[QUIET])


def test_a_quiet_world_is_quiet_and_a_fault_is_found_and_named() -> None:
    quiet, faulty = Quiet(), Faulty()

    watch_quiet(watched(), quiet)
    watch_fault(watched(shift=0.5), "spending_shift", faulty)

    assert (quiet.days, quiet.pages) == (10, 0)
    figures = faulty.to_dict()
    assert figures["detected_after_days"] == {"1": 1}
    assert figures["paged_after_days"] == {"2": 1}
    assert (figures["inputs_named_rightly"], figures["inputs_named_wrongly"]) == (1.0, 0.0)


@pytest.mark.parametrize("name", [name for name in RULES if "index" not in name])
def test_every_rule_sees_half_a_standard_deviation(name: str) -> None:
    made = watched(shift=0.5)
    span = made.reference.sections["amount"]
    days = made.counts[QUIET][:, span]

    assert RULES[name](made.reference.counts[:, span], days[-1], 1)
    assert not RULES[name](made.reference.counts[:, span], days[0], 1)


def test_the_stability_index_sees_large_moves_only() -> None:
    found = []
    for shift in (0.2, 1.0):
        made = watched(shift)
        span = made.reference.sections["amount"]
        day = made.counts[QUIET][-1, span]
        found.append(RULES["stability index > 0.2"](made.reference.counts[:, span], day, 1))

    assert found == [False, True]
