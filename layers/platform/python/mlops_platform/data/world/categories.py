"""What purchases truly are: a merchant's name alone does not settle it.

Most merchants sell one category. Some are marketplaces, where the amount tells more than the name;
and some people file one of their places differently from everybody else, and always do.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.merchants import KINDS
from mlops_platform.data.world.randomness import Stream, stream, uniform_of
from mlops_platform.data.world.spending import Purchases


@dataclass(frozen=True)
class Category:
    """What one kind of merchants sells, and what it is most easily taken for."""

    name: str
    neighbour: str


# In the order of `KINDS`.
CATEGORIES: Final = (
    Category("groceries", "shopping"),
    Category("eating_out", "entertainment"),
    Category("fuel", "transport"),
    Category("transport", "travel"),
    Category("shopping", "groceries"),
    Category("books", "shopping"),
    Category("health", "shopping"),
    Category("entertainment", "eating_out"),
    Category("phone", "utilities"),
    Category("utilities", "fees"),
    Category("travel", "transport"),
    Category("fees", "utilities"),
)
NAMES: Final = np.array([category.name for category in CATEGORIES])
_NEIGHBOURS: Final = np.array(
    [[c.name for c in CATEGORIES].index(category.neighbour) for category in CATEGORIES]
)
# Birmingham purchase cards: 72 % of rows lie at merchants that are used under several categories,
# and one marketplace is only 75 % of one category. Households are less mixed than a council.
MARKETPLACE_SHARE: Final = 0.15
OWN_KIND_SHARE: Final = 0.6
# How many of a person's places are filed in a way of that person's own.
OWN_WAY_SHARE: Final = 0.05


def true_categories(
    seed: int, day: date, purchases: Purchases, kind: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Draw what each purchase of a day is, as its user sees it.

    Parameters
    ----------
    seed, day
        Whose randomness.
    purchases
        The purchases, n of them.
    kind
        Their merchants' kinds, of shape (n,).

    Returns
    -------
    ndarray of shape (n,)
        Indices into `CATEGORIES`.
    """
    mixed = uniform_of(seed, Stream.MARKETPLACES, purchases.merchant) < MARKETPLACE_SHARE
    drawn = stream(seed, Stream.CATEGORIES, day.toordinal()).random(len(kind))
    sold = np.where(mixed, _sold(kind, purchases.amount_minor, drawn), kind)
    place = purchases.user * (1 << 32) + purchases.merchant
    own_way = uniform_of(seed, Stream.OWN_WAYS, place) < OWN_WAY_SHARE
    return np.where(own_way, _NEIGHBOURS[sold], sold)


def _sold(
    kind: NDArray[np.int64], amount_minor: NDArray[np.int64], drawn: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Draw what a marketplace sold, given the amount, by uniform numbers of shape (n,).

    The chance of a category is its prior there times the log-normal density of the amount in it.
    """
    log_amount = np.log(amount_minor / 100.0)[:, None]
    means = np.array([each.log_mean for each in KINDS])
    sigmas = np.array([each.log_sigma for each in KINDS])
    shares = np.array([each.share for each in KINDS])
    others = (1 - OWN_KIND_SHARE) * shares / shares.sum()
    prior = others + OWN_KIND_SHARE * (kind[:, None] == np.arange(len(KINDS)))
    density = np.exp(-0.5 * ((log_amount - means) / sigmas) ** 2) / sigmas
    cumulated = np.cumsum(prior * density, axis=1)
    chosen: NDArray[np.int64] = (drawn[:, None] * cumulated[:, -1:] > cumulated).sum(axis=1)
    return chosen
