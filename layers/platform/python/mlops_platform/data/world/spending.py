"""Honest spending of one day, drawn for everybody at once."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.merchants import KINDS, Merchants
from mlops_platform.data.world.people import People
from mlops_platform.data.world.randomness import Stream, stream
from mlops_platform.features.clock import HOUR_SECONDS

# Monday to Sunday, mean 1: people buy more towards the weekend.
WEEKDAY_FACTORS: Final = np.array([0.90, 0.92, 0.95, 1.00, 1.18, 1.20, 0.85])
# From another published generator: a quarter more on and after a pay-day.
PAYDAY_FACTOR: Final = 1.25
PAYDAY_LASTS_DAYS: Final = 3
MONTH_LOG_SIGMA: Final = 0.5
# Birmingham purchase cards: 72 % of a card's transactions repeat a merchant.
HABIT_SHARE: Final = 0.72
# Birmingham purchase cards: how amounts end.
CENTS_ENDINGS: Final = np.array([0, 99, 50])
CENTS_SHARES: Final = np.array([0.21, 0.05, 0.045])
MIN_AMOUNT_MINOR: Final = 10
_HOUR_WEIGHTS: Final = np.array(
    [1, 0.6, 0.4, 0.3, 0.3, 0.6, 2, 4, 6, 6, 6, 7, 9, 8, 6, 6, 7, 9, 10, 8, 6, 4, 3, 2], dtype=float
)
HOUR_SHARES: Final = _HOUR_WEIGHTS / _HOUR_WEIGHTS.sum()


@dataclass(frozen=True)
class Purchases:
    """Purchases as columns of shape (n,).

    Parameters
    ----------
    user, merchant
        Indices into `People` and `Merchants`.
    second
        Second of the day.
    amount_minor
        Pence.
    online
        Whether the card was not present.
    """

    user: NDArray[np.int64]
    merchant: NDArray[np.int64]
    second: NDArray[np.int64]
    amount_minor: NDArray[np.int64]
    online: NDArray[np.bool_]


def honest_purchases(seed: int, day: date, people: People, merchants: Merchants) -> Purchases:
    """Draw what everybody honestly buys on one day."""
    random = stream(seed, Stream.SPENDING, day.toordinal())
    counts = random.poisson(_paces(seed, day, people))
    user = np.repeat(np.arange(len(counts)), counts)
    merchant = _merchants(random, user, people, merchants)
    kind = merchants.kind[merchant]
    return Purchases(
        user=user,
        merchant=merchant,
        second=seconds_of_day(random, len(user), HOUR_SHARES),
        amount_minor=_amounts(random, kind, people.spending_level[user]),
        online=random.random(len(user)) < np.array([k.online for k in KINDS])[kind],
    )


def _paces(seed: int, day: date, people: People) -> NDArray[np.float64]:
    """Return everybody's expected purchases of the day, of shape (n_users,)."""
    month = stream(seed, Stream.MONTH, day.year * 12 + day.month)
    mood = np.exp(month.normal(-(MONTH_LOG_SIGMA**2) / 2, MONTH_LOG_SIGMA, len(people.pace)))
    since_payday = day.day - people.payday
    paid = (since_payday >= 0) & (since_payday < PAYDAY_LASTS_DAYS)
    factor = WEEKDAY_FACTORS[day.weekday()] * np.where(paid, PAYDAY_FACTOR, 1.0)
    paces: NDArray[np.float64] = people.pace * mood * factor
    return paces


def _merchants(
    random: np.random.Generator, user: NDArray[np.int64], people: People, merchants: Merchants
) -> NDArray[np.int64]:
    """Choose where each purchase happens: an old habit, or anywhere by popularity."""
    # Squaring a uniform number favours a person's first habits.
    habit = (random.random(len(user)) ** 2 * people.habits.shape[1]).astype(np.int64)
    anywhere = random.choice(len(merchants.popularity), size=len(user), p=merchants.popularity)
    usual = random.random(len(user)) < HABIT_SHARE
    return np.where(usual, people.habits[user, habit], anywhere)


def _amounts(
    random: np.random.Generator, kind: NDArray[np.int64], level: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Draw log-normal amounts in pence, with the endings that prices have."""
    means = np.array([k.log_mean for k in KINDS])[kind]
    sigmas = np.array([k.log_sigma for k in KINDS])[kind]
    minor = np.rint(100 * level * np.exp(random.normal(means, sigmas))).astype(np.int64)
    ends = np.append(CENTS_SHARES, 1 - CENTS_SHARES.sum())
    ending = random.choice(len(ends), size=len(kind), p=ends)
    rounded = minor // 100 * 100 + np.append(CENTS_ENDINGS, 0)[ending]
    return np.maximum(np.where(ending < len(CENTS_ENDINGS), rounded, minor), MIN_AMOUNT_MINOR)


def seconds_of_day(
    random: np.random.Generator, n: int, hour_shares: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Draw n seconds of the day by the share of each hour, of shape (24,)."""
    hour = random.choice(24, size=n, p=hour_shares)
    return hour * HOUR_SECONDS + random.integers(0, HOUR_SECONDS, n)
