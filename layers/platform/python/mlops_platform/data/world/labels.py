"""What is said about transactions later: late, sometimes wrong, sometimes never."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.randomness import Stream, stream
from mlops_platform.features.clock import DAY_SECONDS

# Another published generator: a median of one day until a fraud is reported, 5 % never are.
REPORT_LOG_MEAN_DAYS: Final = 0.0
REPORT_LOG_SIGMA: Final = 0.8
MISSED_SHARE: Final = 0.05
WRONG_SHARE: Final = 0.0003
LOST_SHARE: Final = 0.01
# Without complaint a transaction counts as genuine after a week, the handbook's delay.
GENUINE_AFTER_DAYS: Final = 7.0
LATEST_REPORT_DAYS: Final = 30.0


@dataclass(frozen=True)
class LabelColumns:
    """What an observer is told of a day's transactions, columns of shape (n,).

    Parameters
    ----------
    known
        Whether a label ever comes.
    is_fraud
        What it says.
    delay_seconds
        How long after the transaction it comes.
    """

    known: NDArray[np.bool_]
    is_fraud: NDArray[np.bool_]
    delay_seconds: NDArray[np.int64]


def observe(seed: int, day: date, is_fraud: NDArray[np.bool_]) -> LabelColumns:
    """Draw the labels of one day's transactions from the truth, of shape (n,)."""
    random = stream(seed, Stream.LABELS, day.toordinal())
    n = len(is_fraud)
    reported = is_fraud & (random.random(n) >= MISSED_SHARE)
    said = reported | (~is_fraud & (random.random(n) < WRONG_SHARE))
    report_days = np.exp(random.normal(REPORT_LOG_MEAN_DAYS, REPORT_LOG_SIGMA, n))
    days = np.where(said, np.minimum(report_days, LATEST_REPORT_DAYS), GENUINE_AFTER_DAYS)
    return LabelColumns(
        known=random.random(n) >= LOST_SHARE,
        is_fraud=said,
        delay_seconds=np.rint(days * DAY_SECONDS).astype(np.int64),
    )
