"""Fraud: compromised merchants, stolen cards and card testing, overlapping with honest spending.

After the scenarios of the Fraud Detection Handbook's simulator (published parameters: two
merchants a day compromised for 28 days, three customers a day for 14 days), thinned so that an
amount or a place alone proves nothing.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.merchants import Merchants
from mlops_platform.data.world.people import People
from mlops_platform.data.world.randomness import Stream, stream
from mlops_platform.data.world.spending import Purchases, seconds_of_day

MERCHANT_DAYS: Final = 28
CARD_DAYS: Final = 14
# Each day's newly compromised: 2 of 10,000 merchants and 3 of 5,000 cards in the handbook.
MERCHANTS_A_DAY: Final = 2 / 10_000
CARDS_A_DAY: Final = 3 / 5_000
# Of the purchases at a compromised merchant, how many are made with a copied card.
SKIMMED_SHARE: Final = 0.5
# Merchants with this share of all purchases, or more, are too well watched to be compromised.
WATCHED_SHARE: Final = 0.01
THEFTS_A_DAY: Final = 1.3
THEFT_FACTOR_LOG_MEAN: Final = 0.9
THEFT_FACTOR_LOG_SIGMA: Final = 0.6
# A thief tries a card with small sums before spending.
TESTING_SHARE: Final = 0.3
TESTING_MINOR: Final = (50, 400)
ONLINE_SHARE: Final = 0.7
NIGHTLY_SHARES: Final = np.array([3.0] * 6 + [1.0] * 12 + [2.0] * 6) / 42.0


class Scenario(StrEnum):
    """Why a transaction is fraudulent."""

    NONE = ""
    COMPROMISED_MERCHANT = "compromised_merchant"
    STOLEN_CARD = "stolen_card"
    CARD_TESTING = "card_testing"


@dataclass(frozen=True)
class CardFraud:
    """Fraudulent purchases with stolen cards, and the scenario of each, of shape (n,)."""

    purchases: Purchases
    scenario: NDArray[np.str_]


def skimmed(seed: int, day: date, purchases: Purchases, merchants: Merchants) -> NDArray[np.bool_]:
    """Return which purchases of a day are made with copied cards at compromised merchants."""
    compromised = np.zeros(len(merchants.popularity), dtype=bool)
    # Criminals prefer places with customers, but large chains watch their terminals. Without that
    # bound one chain would now and then carry half of the world's fraud.
    watched = merchants.popularity >= WATCHED_SHARE
    appeal = np.where(watched, 0.0, np.sqrt(merchants.popularity))
    for start in range(day.toordinal() - MERCHANT_DAYS + 1, day.toordinal() + 1):
        random = stream(seed, Stream.COMPROMISED_MERCHANTS, start)
        n_new = random.poisson(MERCHANTS_A_DAY * len(appeal))
        compromised[random.choice(len(appeal), size=n_new, p=appeal / appeal.sum())] = True
    random = stream(seed, Stream.SKIMMING, day.toordinal())
    copied: NDArray[np.bool_] = random.random(len(purchases.user)) < SKIMMED_SHARE
    return compromised[purchases.merchant] & copied


def card_fraud(seed: int, day: date, people: People, merchants: Merchants) -> CardFraud:
    """Draw what thieves buy on one day with the cards that they hold."""
    stolen = [
        _stolen_on(seed, start, len(people.pace))
        for start in range(day.toordinal() - CARD_DAYS + 1, day.toordinal() + 1)
    ]
    cards = np.unique(np.concatenate(stolen))
    random = stream(seed, Stream.CARD_FRAUD, day.toordinal())
    user = np.repeat(cards, random.poisson(THEFTS_A_DAY, len(cards)))
    n = len(user)
    testing = random.random(n) < TESTING_SHARE
    usual = 2_500.0 * people.spending_level[user]
    factor = np.exp(random.normal(THEFT_FACTOR_LOG_MEAN, THEFT_FACTOR_LOG_SIGMA, n))
    spent = np.rint(usual * factor).astype(np.int64)
    purchases = Purchases(
        user=user,
        merchant=random.choice(len(merchants.popularity), size=n, p=merchants.popularity),
        second=seconds_of_day(random, n, NIGHTLY_SHARES),
        amount_minor=np.where(testing, random.integers(*TESTING_MINOR, n), spent),
        online=random.random(n) < ONLINE_SHARE,
    )
    scenario = np.where(testing, Scenario.CARD_TESTING.value, Scenario.STOLEN_CARD.value)
    return CardFraud(purchases, scenario)


def _stolen_on(seed: int, day: int, n_users: int) -> NDArray[np.int64]:
    """Return the users whose cards are stolen on one day."""
    random = stream(seed, Stream.COMPROMISED_CARDS, day)
    return random.integers(0, n_users, random.poisson(CARDS_A_DAY * n_users))
