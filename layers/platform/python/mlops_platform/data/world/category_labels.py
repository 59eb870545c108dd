"""What people say about their purchases' categories: now and then, late, and sometimes wrong."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.categories import CATEGORIES
from mlops_platform.data.world.randomness import Stream, stream
from mlops_platform.features.clock import DAY_SECONDS

# People confirm or correct every third purchase when they look at their account, days later.
LABELLED_SHARE: Final = 0.35
WRONG_SHARE: Final = 0.02
LOG_MEAN_DAYS: Final = 0.3
LOG_SIGMA: Final = 1.0
LATEST_DAYS: Final = 30.0
SOURCE: Final = "user"


@dataclass(frozen=True)
class CategoryColumns:
    """What an observer is told of a day's purchases, columns of shape (n,).

    Parameters
    ----------
    known
        Whether a label ever comes.
    category
        What it says, an index into `CATEGORIES`.
    delay_seconds
        How long after the purchase it comes.
    """

    known: NDArray[np.bool_]
    category: NDArray[np.int64]
    delay_seconds: NDArray[np.int64]


def observe_categories(seed: int, day: date, truth: NDArray[np.int64]) -> CategoryColumns:
    """Draw the labels of one day's purchases from their true categories, of shape (n,)."""
    random = stream(seed, Stream.CATEGORY_LABELS, day.toordinal())
    n = len(truth)
    wrong = random.random(n) < WRONG_SHARE
    days = np.exp(random.normal(LOG_MEAN_DAYS, LOG_SIGMA, n))
    return CategoryColumns(
        known=random.random(n) < LABELLED_SHARE,
        category=np.where(wrong, random.integers(0, len(CATEGORIES), n), truth),
        delay_seconds=np.rint(np.minimum(days, LATEST_DAYS) * DAY_SECONDS).astype(np.int64),
    )
