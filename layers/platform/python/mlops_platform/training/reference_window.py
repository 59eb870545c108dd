"""Which days of training production is compared with."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.features.clock import DAY_SECONDS, day_of
from mlops_platform.training.splits import Int64s, TimeSplit

# Four weeks: each weekday four times.
MAX_REFERENCE_DAYS: Final = 28


def end_of_data(timestamp: Int64s, as_of: int) -> int:
    """Return where whole days of data end: the start of a UTC day, epoch seconds.

    It is the day of `as_of` or, where the tables are older, the day after their last row.

    Parameters
    ----------
    timestamp
        Of the rows, ascending, of shape (n,), n >= 1.
    as_of
        Epoch second before which data counts.
    """
    return min(day_of(as_of), day_of(int(timestamp[-1])) + 1) * DAY_SECONDS


def reference_window(timestamp: Int64s, split: TimeSplit) -> NDArray[np.bool_]:
    """Return the rows of the last complete days before `as_of`, a mask of shape (n,).

    They begin where the fit's rows end, at the latest: scores of rows that a model was fitted on
    are not those that it will give. So they hold the gap before the test window, that window and
    the gap before `as_of`, and reach as close to production as the data does.

    Parameters
    ----------
    timestamp
        As for `end_of_data`.
    split
        The windows.
    """
    end = end_of_data(timestamp, split.as_of)
    first = max(split.validation_end, end - MAX_REFERENCE_DAYS * DAY_SECONDS)
    return (timestamp >= first) & (timestamp < end)
