"""People: an income, a pay-day, a pace of spending and the places they return to."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.merchants import Merchants
from mlops_platform.data.world.randomness import Stream, stream

MEDIAN_INCOME: Final = 2_600.0
INCOME_LOG_SIGMA: Final = 0.45
# Richer people pay more at the same place, but not in proportion.
INCOME_ELASTICITY: Final = 0.4
PAYDAYS: Final = (1, 15, 25, 28)
MEAN_PER_DAY: Final = 2.0
# A gamma-mixed Poisson: variance over mean of a month's count is far above 1, as on real cards.
PACE_SHAPE: Final = 1.5
N_HABITS: Final = 12
HOME: Final = "GB"


@dataclass(frozen=True)
class People:
    """All people as columns of shape (n_users,), `habits` of shape (n_users, N_HABITS).

    Parameters
    ----------
    identifier
        Their ids.
    pace
        Mean transactions a day.
    spending_level
        Factor on amounts, 1 for a median income.
    payday
        Day of the month on which income arrives.
    habits
        Indices of the merchants that they return to.
    """

    identifier: NDArray[np.str_]
    pace: NDArray[np.float64]
    spending_level: NDArray[np.float64]
    payday: NDArray[np.int64]
    habits: NDArray[np.int64]


def make_people(seed: int, n_users: int, merchants: Merchants) -> People:
    """Draw the people of a world."""
    random = stream(seed, Stream.PEOPLE)
    income = MEDIAN_INCOME * np.exp(random.normal(0.0, INCOME_LOG_SIGMA, n_users))
    # Square roots flatten popularity: habits are more local than a stranger's purchase.
    local = np.sqrt(merchants.popularity)
    return People(
        identifier=np.array([f"u{number:06d}" for number in range(n_users)]),
        pace=random.gamma(PACE_SHAPE, MEAN_PER_DAY / PACE_SHAPE, n_users),
        spending_level=(income / MEDIAN_INCOME) ** INCOME_ELASTICITY,
        payday=random.choice(PAYDAYS, n_users),
        habits=random.choice(len(local), size=(n_users, N_HABITS), p=local / local.sum()),
    )
