"""The fraud model's feature rows: one formula for a table of transactions and for a single one.

Only operations that IEEE 754 rounds correctly are used, so that a row has the same bits whether it
is computed alone or among millions. A feature without anything to go by is NaN: those named
``*_over_*``, ``*_mean_*``, ``*_surge_*``, ``*_z_*``, ``*_seconds_*`` and ``*_days_*``.

What all windows have alike is computed for all of them at once, as a block of columns: a single row
takes as many calls of NumPy as a million do, and these calls are its cost.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.features.aggregates import (
    LABEL_LAG_SECONDS,
    NEVER,
    WINDOW_DAYS,
    Aggregate,
)
from mlops_platform.features.clock import DAY_SECONDS, HOUR_SECONDS

FEATURE_VERSION: Final = 2

Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
# Some features of n transactions, of shape (n, n_of_them): numbers or truth values.
Block = NDArray[Any]

# Shrinks a risk towards the rate of a card portfolio while few labels are known.
PRIOR_RATE: Final = 0.01
PRIOR_WEIGHT: Final = 2.0
# Major units added to a deviation: two equal amounts do not make the third one infinitely unusual.
Z_FLOOR: Final = 1.0
# Hours in which honest cards rest.
NIGHT_UNTIL_HOUR: Final = 6
SATURDAY: Final = 5
# 1970-01-01 was a Thursday.
EPOCH_WEEKDAY: Final = 3

_WINDOWS: Final = (*(f"{days}d" for days in WINDOW_DAYS), "all")
# The windows that are long enough to tell what is usual.
_LONG: Final = slice(_WINDOWS.index("30d"), None)
# The windows whose means are held against the one of all.
_SHORT: Final = slice(_WINDOWS.index("1d"), _WINDOWS.index("7d") + 1, 2)
_N: Final = slice(Aggregate.N_1, Aggregate.N_ALL + 1)
_SUM: Final = slice(Aggregate.SUM_1, Aggregate.SUM_ALL + 1)
_SQUARES: Final = slice(Aggregate.SQUARES_1, Aggregate.SQUARES_ALL + 1)
_LABELS: Final = slice(Aggregate.LABELS_1, Aggregate.LABELS_ALL + 1)
_FRAUDS: Final = slice(Aggregate.FRAUDS_1, Aggregate.FRAUDS_ALL + 1)
_MOMENTS: Final = slice(Aggregate.FIRST, Aggregate.LAST + 1)
_DAYS: Final = [Aggregate.BURST_FIRST_DAY, Aggregate.BURST_LAST_DAY, Aggregate.STREAK_FIRST_DAY]

# What is known of each window, and of the days in `_DAYS`.
_SPENDING: Final = ("n", "mean", "amount_over_mean")
_LABELLED: Final = ("frauds", "risk")
_SINCE: Final = ("burst", "fraud", "streak")


def feature_rows(
    amount_minor: Int64s, timestamp: Int64s, user: Int64s, merchant: Int64s
) -> NDArray[np.float32]:
    """Return the features of n transactions, of shape (n, n_features), in `FEATURE_NAMES` order.

    Parameters
    ----------
    amount_minor, timestamp : of shape (n,)
        Minor units and epoch seconds of the transactions.
    user, merchant : of shape (n, N_AGGREGATES)
        What may be seen of each one's user and merchant at that time.
    """
    amount, moment = amount_minor[:, None] / 100.0, timestamp[:, None]
    blocks = [
        amount,
        *_calendar(moment),
        *_recency(moment, user),
        *_spending(amount, user),
        _surge(user),
        *_risk(moment, user),
        *_spending(amount, merchant),
        *_risk(moment, merchant),
    ]
    computed = np.concatenate(blocks, axis=1, dtype=np.float32)
    return computed.take(_PLACES, axis=1)


def _calendar(moment: Int64s) -> list[Block]:
    """Return hour, weekday, whether it is the weekend, and whether it is night."""
    hour = moment % DAY_SECONDS // HOUR_SECONDS
    weekday = (moment // DAY_SECONDS + EPOCH_WEEKDAY) % 7
    return [hour, weekday, weekday >= SATURDAY, hour < NIGHT_UNTIL_HOUR]


def _recency(moment: Int64s, user: Int64s) -> list[Block]:
    """Return the last hour's count, seconds since the last and days since the first transaction."""
    since = _since(moment, user[:, _MOMENTS])
    return [user[:, : Aggregate.N_1], since[:, 1:], since[:, :1] / DAY_SECONDS]


def _spending(amount: Floats, aggregates: Int64s) -> list[Block]:
    """Return how much is usual for this user or merchant, and how far from it this amount is."""
    n = aggregates[:, _N]
    some = _nonzero(n)
    mean = aggregates[:, _SUM] / 100.0 / some
    usual = mean[:, _LONG]
    squares = aggregates[:, _SQUARES][:, _LONG] / 10_000.0 / some[:, _LONG]
    deviation = np.sqrt(np.maximum(squares - usual * usual, 0.0))
    divisor = _nonzero(mean)
    return [
        n,
        mean,
        amount / divisor,
        (amount - usual) / (deviation + Z_FLOOR),
        mean[:, _SHORT] / divisor[:, -1:],
    ]


def _surge(user: Int64s) -> Block:
    """Return how large the last days' amounts were beside the user's mean.

    The root mean square shows a few large amounts among many usual ones, as a stolen card makes
    them, long before any label does.
    """
    some = _nonzero(user[:, _N])
    mean = user[:, _SUM][:, -1:] / 100.0 / some[:, -1:]
    root = np.sqrt(user[:, _SQUARES][:, :-1] / 10_000.0 / some[:, :-1])
    surge: Floats = root / _nonzero(mean)
    return surge


def _risk(moment: Int64s, aggregates: Int64s) -> list[Block]:
    """Return what the labels known by then say about this user or merchant."""
    frauds = aggregates[:, _FRAUDS]
    risk = (frauds + PRIOR_RATE * PRIOR_WEIGHT) / (aggregates[:, _LABELS] + PRIOR_WEIGHT)
    streak = aggregates[:, Aggregate.STREAK_FRAUDS : Aggregate.STREAK_FRAUDS + 1]
    today = (moment - LABEL_LAG_SECONDS) // DAY_SECONDS
    return [frauds, risk, streak, _since(today, aggregates[:, _DAYS])]


def _since(now: Int64s, then: Int64s) -> Floats:
    """Return ``now - then``, NaN where `then` is never."""
    elapsed: Floats = np.where(then == NEVER, np.nan, now - then)
    return elapsed


def _nonzero(values: Block) -> Floats:
    """Return values to divide by: NaN in the place of 0, so that there is no quotient."""
    divisors: Floats = np.where(values == 0, np.nan, values)
    return divisors


def _computed_names() -> Iterator[str]:
    """Yield the features in the order in which `feature_rows` computes them."""
    yield from ("amount", "hour", "weekday", "is_weekend", "is_night")
    yield from ("user_n_1h", "user_seconds_since_last", "user_days_since_first")
    for who in ("user", "merchant"):
        yield from (f"{who}_{what}_{window}" for what in _SPENDING for window in _WINDOWS)
        yield from (f"{who}_z_{window}" for window in _WINDOWS[_LONG])
        yield from (f"{who}_mean_{window}_over_all" for window in _WINDOWS[_SHORT])
        if who == "user":
            yield from (f"user_surge_{window}" for window in _WINDOWS[:-1])
        yield from (f"{who}_{what}_{window}" for what in _LABELLED for window in _WINDOWS)
        yield f"{who}_streak_frauds"
        yield from (f"{who}_days_since_{what}" for what in _SINCE)


def _row_names() -> Iterator[str]:
    """Yield the features in the order of a row: what is known of each window stands together."""
    yield from ("amount", "hour", "weekday", "is_weekend", "is_night")
    yield from ("user_n_1h", "user_seconds_since_last", "user_days_since_first")
    for who in ("user", "merchant"):
        for window in _WINDOWS:
            yield from (f"{who}_{what}_{window}" for what in _SPENDING)
            if window in _WINDOWS[_LONG]:
                yield f"{who}_z_{window}"
        yield from (f"{who}_mean_{window}_over_all" for window in _WINDOWS[_SHORT])
        if who == "user":
            yield from (f"user_surge_{window}" for window in _WINDOWS[:-1])
        for window in _WINDOWS:
            yield from (f"{who}_{what}_{window}" for what in _LABELLED)
        yield f"{who}_streak_frauds"
        yield from (f"{who}_days_since_{what}" for what in _SINCE)


FEATURE_NAMES: Final = tuple(_row_names())
_PLACES: Final = np.array([[*_computed_names()].index(name) for name in FEATURE_NAMES])
