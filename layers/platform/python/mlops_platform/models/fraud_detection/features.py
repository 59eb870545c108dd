"""The fraud model's feature rows: one formula for a table of transactions and for a single one.

Only operations that IEEE 754 rounds correctly are used, so that a row has the same bits whether it
is computed alone or among millions. A feature without anything to go by is NaN: those named
``*_over_*``, ``*_mean_*``, ``*_surge_*``, ``*_z_*``, ``*_seconds_*`` and ``*_days_*``.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.features.aggregates import (
    LABEL_LAG_SECONDS,
    N_AGGREGATES,
    NEVER,
    WINDOW_DAYS,
    Aggregate,
)
from mlops_platform.features.clock import DAY_SECONDS, HOUR_SECONDS

FEATURE_VERSION: Final = 2

Int64s = NDArray[np.int64]
Column = NDArray[np.float64] | NDArray[np.int64] | NDArray[np.bool_]

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
    columns = _columns(amount_minor, timestamp, user, merchant)
    rows = np.empty((len(amount_minor), len(columns)), dtype=np.float32)
    for index, column in enumerate(columns.values()):
        rows[:, index] = column
    return rows


def _columns(
    amount_minor: Int64s, timestamp: Int64s, user: Int64s, merchant: Int64s
) -> dict[str, Column]:
    hour = timestamp % DAY_SECONDS // HOUR_SECONDS
    weekday = (timestamp // DAY_SECONDS + EPOCH_WEEKDAY) % 7
    amount = amount_minor / 100.0
    return {
        "amount": amount,
        "hour": hour,
        "weekday": weekday,
        "is_weekend": weekday >= SATURDAY,
        "is_night": hour < NIGHT_UNTIL_HOUR,
        "user_n_1h": user[:, Aggregate.N_HOUR],
        "user_seconds_since_last": _since(timestamp, user[:, Aggregate.LAST]),
        "user_days_since_first": _since(timestamp, user[:, Aggregate.FIRST]) / DAY_SECONDS,
        **_spending("user", amount, user),
        **_surge(user),
        **_risk("user", timestamp, user),
        **_spending("merchant", amount, merchant),
        **_risk("merchant", timestamp, merchant),
    }


def _spending(who: str, amount: NDArray[np.float64], aggregates: Int64s) -> dict[str, Column]:
    """Return how much is usual for this user or merchant, and how far from it this amount is."""
    columns: dict[str, Column] = {}
    means = {}
    for index, window in enumerate(_WINDOWS):
        n = aggregates[:, Aggregate.N_1 + index]
        mean = _ratio(aggregates[:, Aggregate.SUM_1 + index] / 100.0, n)
        squares = _ratio(aggregates[:, Aggregate.SQUARES_1 + index] / 10_000.0, n)
        deviation = np.sqrt(np.maximum(squares - mean * mean, 0.0))
        means[window] = mean
        columns[f"{who}_n_{window}"] = n
        columns[f"{who}_mean_{window}"] = mean
        columns[f"{who}_amount_over_mean_{window}"] = _ratio(amount, mean)
        if window in ("30d", "all"):
            columns[f"{who}_z_{window}"] = (amount - mean) / (deviation + Z_FLOOR)
    columns[f"{who}_mean_1d_over_all"] = _ratio(means["1d"], means["all"])
    columns[f"{who}_mean_7d_over_all"] = _ratio(means["7d"], means["all"])
    return columns


def _surge(user: Int64s) -> dict[str, Column]:
    """Return how large the last days' amounts were beside the user's mean.

    The root mean square shows a few large amounts among many usual ones, as a stolen card makes
    them, long before any label does.
    """
    mean = _ratio(user[:, Aggregate.SUM_ALL] / 100.0, user[:, Aggregate.N_ALL])
    columns: dict[str, Column] = {}
    for index, window in enumerate(_WINDOWS[:-1]):
        squares = user[:, Aggregate.SQUARES_1 + index] / 10_000.0
        root = np.sqrt(_ratio(squares, user[:, Aggregate.N_1 + index]))
        columns[f"user_surge_{window}"] = _ratio(root, mean)
    return columns


def _risk(who: str, timestamp: Int64s, aggregates: Int64s) -> dict[str, Column]:
    """Return what the labels known by then say about this user or merchant."""
    columns: dict[str, Column] = {}
    for index, window in enumerate(_WINDOWS):
        labels = aggregates[:, Aggregate.LABELS_1 + index]
        frauds = aggregates[:, Aggregate.FRAUDS_1 + index]
        columns[f"{who}_frauds_{window}"] = frauds
        columns[f"{who}_risk_{window}"] = (frauds + PRIOR_RATE * PRIOR_WEIGHT) / (
            labels + PRIOR_WEIGHT
        )
    columns[f"{who}_streak_frauds"] = aggregates[:, Aggregate.STREAK_FRAUDS]
    today = (timestamp - LABEL_LAG_SECONDS) // DAY_SECONDS
    for name, aggregate in (
        ("burst", Aggregate.BURST_FIRST_DAY),
        ("fraud", Aggregate.BURST_LAST_DAY),
        ("streak", Aggregate.STREAK_FIRST_DAY),
    ):
        columns[f"{who}_days_since_{name}"] = _since(today, aggregates[:, aggregate])
    return columns


def _since(now: Int64s, then: Int64s) -> NDArray[np.float64]:
    """Return ``now - then``, NaN where `then` is never."""
    elapsed: NDArray[np.float64] = np.where(then == NEVER, np.nan, (now - then).astype(np.float64))
    return elapsed


def _ratio(numerator: Column, denominator: Column) -> NDArray[np.float64]:
    """Return the quotient, NaN where the denominator is 0 or NaN."""
    out = np.full(len(numerator), np.nan)
    np.divide(numerator, denominator, out=out, where=denominator != 0)
    return out


_NOTHING = np.zeros((0, N_AGGREGATES), dtype=np.int64)
FEATURE_NAMES: Final = tuple(_columns(_NOTHING[:, 0], _NOTHING[:, 0], _NOTHING, _NOTHING))
