"""What both roads to a feature compute first: integers about one entity at one moment."""

from enum import IntEnum
from typing import Final

from mlops_platform.features.clock import DAY_SECONDS, HOUR_SECONDS, day_of

# Stands for "never" wherever a time or a day is asked for.
NEVER: Final = -1
WINDOW_DAYS: Final = (1, 3, 7, 14, 30)
# A merchant's or card's burst of fraud is looked for this far back (days of the transactions).
BURST_DAYS: Final = 30
# A run of labels without an honest one is looked for among those of the last days (of the labels).
STREAK_DAYS: Final = 30
# How late data may be is part of a feature's definition, the same offline and online.
# A transaction reaches the online state within a minute of its timestamp.
EVENT_LAG_SECONDS: Final = 60
# Labels reach it with the nightly training, which starts at 02:00 UTC and has an hour to finish.
LABEL_LAG_SECONDS: Final = 3 * HOUR_SECONDS


class EntityKind(IntEnum):
    """Whose state it is: users see their last minutes, merchants whole days only."""

    USER = 1
    MERCHANT = 2


class Aggregate(IntEnum):
    """Columns of an aggregate row, int64: counts, minor units and their squares, epoch seconds.

    ``N``, ``SUM`` and ``SQUARES`` are of transactions in the last 1 to 30 UTC days up to the cut
    and of the whole life; ``LABELS`` and ``FRAUDS`` are of labels that became known in the last 1
    to 30 complete days and ever.
    """

    N_HOUR = 0
    N_1 = 1
    N_3 = 2
    N_7 = 3
    N_14 = 4
    N_30 = 5
    N_ALL = 6
    SUM_1 = 7
    SUM_3 = 8
    SUM_7 = 9
    SUM_14 = 10
    SUM_30 = 11
    SUM_ALL = 12
    SQUARES_1 = 13
    SQUARES_3 = 14
    SQUARES_7 = 15
    SQUARES_14 = 16
    SQUARES_30 = 17
    SQUARES_ALL = 18
    FIRST = 19
    LAST = 20
    LABELS_1 = 21
    LABELS_3 = 22
    LABELS_7 = 23
    LABELS_14 = 24
    LABELS_30 = 25
    LABELS_ALL = 26
    FRAUDS_1 = 27
    FRAUDS_3 = 28
    FRAUDS_7 = 29
    FRAUDS_14 = 30
    FRAUDS_30 = 31
    FRAUDS_ALL = 32
    # UTC days of the earliest and latest transaction, in the last `BURST_DAYS`, known as fraud.
    BURST_FIRST_DAY = 33
    BURST_LAST_DAY = 34
    # Labels of the last days on which none but frauds became known, within `STREAK_DAYS`: how many,
    # and the first of these days. A shop that lost its customers' cards has nothing but frauds.
    STREAK_FRAUDS = 35
    STREAK_FIRST_DAY = 36


N_AGGREGATES: Final = len(Aggregate)


def event_cut(timestamp: int, kind: EntityKind) -> int:
    """Return the last epoch second whose transactions may be seen at `timestamp`."""
    visible = timestamp - EVENT_LAG_SECONDS
    if kind is EntityKind.USER:
        return visible
    return day_of(visible) * DAY_SECONDS - 1


def label_day(timestamp: int) -> int:
    """Return the UTC day before whose start a label must be known to be seen at `timestamp`."""
    return day_of(timestamp - LABEL_LAG_SECONDS)
