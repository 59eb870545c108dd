"""Time-ordered splits with a gap for labels that come late."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.errors import TrainingDataError
from mlops_platform.features.clock import DAY_SECONDS, day_of, format_instant

Int64s = NDArray[np.int64]

MIN_TRAIN_DAYS: Final = 5
MAX_WINDOW_DAYS: Final = 14
MIN_WINDOW_DAYS: Final = 2
WINDOW_SHARE: Final = 0.15
MAX_DELAY_DAYS: Final = 14
# Windows are judged once this share of their labels is there.
KNOWN_SHARE: Final = 0.9


@dataclass(frozen=True)
class TimeSplit:
    """Train | gap | validation | gap | test | gap | as_of, in epoch seconds.

    Each gap is the label delay: a model is fitted at the start of the window on which it is
    judged, with the labels known by then.
    """

    train_end: int
    validation_start: int
    validation_end: int
    test_start: int
    test_end: int
    as_of: int

    def train(self, timestamp: Int64s) -> NDArray[np.bool_]:
        """Return the rows on which candidates are fitted."""
        return timestamp < self.train_end

    def validation(self, timestamp: Int64s) -> NDArray[np.bool_]:
        """Return the rows on which one candidate is chosen."""
        return (timestamp >= self.validation_start) & (timestamp < self.validation_end)

    def refit(self, timestamp: Int64s) -> NDArray[np.bool_]:
        """Return the rows on which the chosen one is fitted again."""
        return timestamp < self.validation_end

    def test(self, timestamp: Int64s) -> NDArray[np.bool_]:
        """Return the rows on which it is measured, once."""
        return (timestamp >= self.test_start) & (timestamp < self.test_end)


def label_delay_days(timestamp: Int64s, known_timestamp: Int64s) -> int:
    """Return the days after which `KNOWN_SHARE` of the labels that come are there, at least 1."""
    if not len(timestamp):
        raise TrainingDataError("No label is known before as_of: wait for labels, or move as_of.")
    delay = np.quantile(known_timestamp - timestamp, KNOWN_SHARE)
    return int(np.clip(np.ceil(delay / DAY_SECONDS), 1, MAX_DELAY_DAYS))


def split_by_labels(timestamp: Int64s, known_timestamp: Int64s, as_of: int) -> TimeSplit:
    """Divide the days until `as_of` with the delay of the labels that are known by then.

    Parameters
    ----------
    timestamp, known_timestamp
        When rows happened, ascending, and since when their labels are known, epoch seconds, both of
        shape (n,).
    as_of
        Epoch second.

    Raises
    ------
    TrainingDataError
        No label is known, or there are too few days.
    """
    known = known_timestamp < as_of
    delay = label_delay_days(timestamp[known], known_timestamp[known])
    return split_by_time(int(timestamp[0]), as_of, delay)


def first_unfitted_day(as_of_day: int, delay_days: int, window_days: int = MAX_WINDOW_DAYS) -> int:
    """Return the first day on which no model is fitted: it and what follows is for the test.

    Parameters
    ----------
    as_of_day
        The day of training.
    delay_days
        The label delay.
    window_days
        Length of the test window; the longest, unless given.
    """
    return as_of_day - delay_days - window_days - delay_days


def split_by_time(first: int, as_of: int, delay_days: int) -> TimeSplit:
    """Divide the days from the first transaction to `as_of` (epoch seconds).

    Raises
    ------
    TrainingDataError
        There are too few days for three windows and their gaps.
    """
    end = day_of(as_of)
    n_days = end - day_of(first)
    window = int(np.clip(round(n_days * WINDOW_SHARE), MIN_WINDOW_DAYS, MAX_WINDOW_DAYS))
    fit_end = first_unfitted_day(end, delay_days, window)
    test_start = fit_end + delay_days
    validation_start = fit_end - window
    train_end = validation_start - delay_days
    if train_end - day_of(first) < MIN_TRAIN_DAYS:
        needed = 3 * delay_days + 2 * window + MIN_TRAIN_DAYS
        raise TrainingDataError(
            f"There are {n_days} days of transactions before {format_instant(as_of)}; with labels "
            f"that take {delay_days} days, {needed} are needed. Add older transactions, or train "
            "later."
        )
    return TimeSplit(
        train_end=train_end * DAY_SECONDS,
        validation_start=validation_start * DAY_SECONDS,
        validation_end=fit_end * DAY_SECONDS,
        test_start=test_start * DAY_SECONDS,
        test_end=(test_start + window) * DAY_SECONDS,
        as_of=as_of,
    )
