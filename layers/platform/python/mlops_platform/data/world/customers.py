"""People as customers: since when, how old, where, and what they say they earn."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.people import (
    INCOME_ELASTICITY,
    INCOME_LOG_SIGMA,
    MEDIAN_INCOME,
    People,
)
from mlops_platform.data.world.products import N_TASTES, REGIONS
from mlops_platform.data.world.randomness import Stream, stream
from mlops_platform.features.clock import DAY_SECONDS

# Everybody has signed up by the world's first day, at most so many days before.
LONGEST_MEMBERSHIP_DAYS: Final = 180
YOUNGEST: Final = 18.0
# Ages are gamma-distributed above the youngest: a mean of 42 and a long tail.
AGE_SHAPE: Final = 2.5
AGE_SCALE: Final = 9.6
AGE_BOUNDS: Final = np.array([25.0, 35.0, 45.0, 55.0, 65.0])
AGE_BANDS: Final = np.array(["18-24", "25-34", "35-44", "45-54", "55-64", "65+"])
INCOME_BOUNDS: Final = np.array([1_700.0, 2_300.0, 3_000.0, 4_200.0])
INCOME_BANDS: Final = np.array(["under 1700", "1700-2299", "2300-2999", "3000-4199", "4200+"])
# Who does not tell their income.
WITHHELD_SHARE: Final = 0.1


@dataclass(frozen=True)
class Customers:
    """All people as columns of shape (n_users,).

    Parameters
    ----------
    signup_second
        When they signed up, in seconds from the world's first midnight; negative.
    age
        Years.
    region
        Index into `products.REGIONS`.
    income_z
        Standard deviations of log income from the median.
    withholds_income
        Whether their income is not told.
    taste
        What only the simulator knows of their likings, of shape (n_users, N_TASTES).
    """

    signup_second: NDArray[np.int64]
    age: NDArray[np.float64]
    region: NDArray[np.int64]
    income_z: NDArray[np.float64]
    withholds_income: NDArray[np.bool_]
    taste: NDArray[np.float64]

    @property
    def age_band(self) -> NDArray[np.str_]:
        """Their ages as `AGE_BANDS` tell them."""
        return AGE_BANDS[np.searchsorted(AGE_BOUNDS, self.age, side="right")]

    @property
    def income_band(self) -> NDArray[np.str_]:
        """Their monthly incomes in pounds as `INCOME_BANDS` tell them."""
        income = MEDIAN_INCOME * np.exp(INCOME_LOG_SIGMA * self.income_z)
        return INCOME_BANDS[np.searchsorted(INCOME_BOUNDS, income, side="right")]


def make_customers(seed: int, people: People) -> Customers:
    """Draw what people are as customers; their incomes are those that they spend from."""
    random = stream(seed, Stream.CUSTOMERS)
    n = len(people.identifier)
    longest = LONGEST_MEMBERSHIP_DAYS * DAY_SECONDS
    return Customers(
        signup_second=-random.integers(1, longest, n),
        age=YOUNGEST + random.gamma(AGE_SHAPE, AGE_SCALE, n),
        region=random.integers(0, len(REGIONS), n),
        income_z=np.log(people.spending_level) / (INCOME_ELASTICITY * INCOME_LOG_SIGMA),
        withholds_income=random.random(n) < WITHHELD_SHARE,
        taste=random.normal(0.0, 1.0, (n, N_TASTES)),
    )
