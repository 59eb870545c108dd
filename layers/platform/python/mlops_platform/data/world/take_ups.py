"""Which products people take up, one after another, and when."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.customers import Customers
from mlops_platform.data.world.products import AGE_WIDTH, KINDS, Products
from mlops_platform.data.world.randomness import Stream, stream
from mlops_platform.features.clock import DAY_SECONDS

MEAN_GAP_DAYS: Final = 24.0
# People differ in pace as the square root of a gamma variable of this shape does.
PACE_SHAPE: Final = 4.0
MAX_TAKEN: Final = 30
# What an owned product adds to the log-odds of those that are wanted after it, and takes from
# those that would do the same.
COMPLEMENT: Final = 1.5
SUBSTITUTE: Final = 0.8


@dataclass(frozen=True)
class TakeUps:
    """Take-ups of products in the order of time, columns of shape (n,).

    Parameters
    ----------
    second
        When, in seconds from the world's first midnight; negative before it.
    user, item
        Indices into `People` and `Products`.
    """

    second: NDArray[np.int64]
    user: NDArray[np.int64]
    item: NDArray[np.int64]

    def between(self, first: int, end: int) -> "TakeUps":
        """Return the take-ups of the seconds from `first` to before `end`."""
        rows = slice(*np.searchsorted(self.second, [first, end]))
        return TakeUps(self.second[rows], self.user[rows], self.item[rows])


def make_take_ups(seed: int, customers: Customers, products: Products) -> TakeUps:
    """Draw everybody's whole life as a customer.

    Each next product is chosen with the odds of `wants` and of what is owned by then. A life does
    not depend on when the world ends, and is told from the world's first day on: a world that
    begins a day later holds the same lives a day later.

    References
    ----------
    .. [1] McFadden 1974, "Conditional logit analysis of qualitative choice behavior", whose choices
       are those of the largest utility plus Gumbel noise.
    """
    random = stream(seed, Stream.TAKE_UPS)
    n_users = len(customers.age)
    everybody = np.arange(n_users)
    pace = np.sqrt(random.gamma(PACE_SHAPE, 1.0 / PACE_SHAPE, n_users))
    want = wants(customers, products)
    effect = kind_effects()
    owned = np.zeros((n_users, len(KINDS)))
    moment = customers.signup_second.astype(np.float64)
    seconds, items = [], []
    for _ in range(MAX_TAKEN):
        utility = want + (owned @ effect)[:, products.kind]
        chosen = (utility + random.gumbel(size=want.shape)).argmax(axis=1)
        moment = moment + random.exponential(MEAN_GAP_DAYS * DAY_SECONDS, n_users) / pace
        seconds.append(moment)
        items.append(chosen)
        want[everybody, chosen] = -np.inf
        owned[everybody, products.kind[chosen]] += 1
    second = np.concatenate(seconds).astype(np.int64)
    order = np.argsort(second, kind="stable")
    user = np.tile(everybody, MAX_TAKEN)
    return TakeUps(second[order], user[order], np.concatenate(items)[order])


def wants(customers: Customers, products: Products) -> NDArray[np.float64]:
    """Return the log-odds of people who own nothing, of shape (n_users, n_items)."""
    best_age = np.array([kind.age for kind in KINDS])[products.kind]
    by_age = -0.5 * ((customers.age[:, None] - best_age) / AGE_WIDTH) ** 2
    by_income = customers.income_z[:, None] * products.income
    by_region = products.by_region[customers.region]
    by_taste = customers.taste @ products.taste
    log_odds: NDArray[np.float64] = products.popularity + by_income + by_age + by_region + by_taste
    return log_odds


def kind_effects() -> NDArray[np.float64]:
    """Return what owning one product of a kind (rows) adds to the log-odds of others (columns)."""
    after = [[earlier.name in kind.after for kind in KINDS] for earlier in KINDS]
    return COMPLEMENT * np.array(after, dtype=np.float64) - SUBSTITUTE * np.eye(len(KINDS))
