"""How large the demo's world is, when it changes, and when its schedules fire."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from mlops_platform.data.world.faults import Fault
from mlops_platform.data.world.world import World

MODEL: Final = "fraud_detection"
FIRST_DAY: Final = date(2025, 1, 6)
# Enough for a month of history before the training rows and a week of delay behind each split.
TRAINING_DAYS: Final = 75
# The first version's first day in production. All of each day's transactions are predicted, as the
# features of the next ones come from them.
SERVED_SINCE: Final = FIRST_DAY + timedelta(days=TRAINING_DAYS)
QUIET_DAYS: Final = tuple(SERVED_SINCE + timedelta(days=number) for number in range(3))
CHANGE: Final = Fault("spending_shift", QUIET_DAYS[-1] + timedelta(days=1))
# A page takes two whole days in a row.
CHANGED_DAYS: Final = (CHANGE.since, CHANGE.since + timedelta(days=1))
# Small enough for two trainings in a few minutes, with frauds enough to compare them.
WORLD: Final = World(seed=0, n_users=800, faults=(CHANGE,))
# Labels are a week late on either side of a test of two weeks; nine days are left to learn from.
RETRAINED_ON: Final = CHANGE.since + timedelta(days=37)
# How many predictions are asked for one by one and timed; the rest comes in batches.
N_SINGLE: Final = 300

TRAINING_TIME: Final = time(2, 0, tzinfo=UTC)
DRIFT_TIME: Final = time(0, 40, tzinfo=UTC)
RETRAINING_TIME: Final = time(0, 50, tzinfo=UTC)
# Half an hour in which no schedule is due: none fires but when the demo says so.
QUIET_TIME: Final = time(2, 51, tzinfo=UTC)


def at(day: date, moment: time) -> datetime:
    """Return a time of a day."""
    return datetime.combine(day, moment)
