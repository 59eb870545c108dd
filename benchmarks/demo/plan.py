"""How large the demo's world is and when its schedules fire."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from mlops_platform.data.world.world import World

MODEL: Final = "fraud_detection"
# Small enough for two trainings in four minutes, with frauds enough to compare them.
WORLD: Final = World(seed=0, n_users=1_000)
FIRST_DAY: Final = date(2025, 1, 6)
# Enough for a month of history before the training rows and a week of delay behind each split.
TRAINING_DAYS: Final = 75
# Traffic comes from the days after the first training; so does what the second one adds.
NEWER_DAYS: Final = 14
N_PREDICTIONS: Final = 5_000
SCHEDULE_TIME: Final = time(2, 0, tzinfo=UTC)


def last_day(round_number: int) -> date:
    """Return the last day whose data the first (0) or second (1) training may use."""
    days = TRAINING_DAYS + round_number * NEWER_DAYS
    return FIRST_DAY + timedelta(days=days - 1)


def schedule_moment(round_number: int) -> datetime:
    """Return when the daily schedule fires after the last day of a round."""
    return datetime.combine(last_day(round_number) + timedelta(days=1), SCHEDULE_TIME)
