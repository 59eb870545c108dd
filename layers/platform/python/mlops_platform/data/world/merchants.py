"""Merchants: a kind each, Zipf popularity, and the messy text that card statements show."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.descriptors import MAX_DESCRIPTOR, with_hints
from mlops_platform.data.world.randomness import Stream, stream


@dataclass(frozen=True)
class SpendingKind:
    """What people buy: log-amount moments, how common its merchants are, its category code.

    Parameters
    ----------
    name, mcc
        Its name and merchant category code.
    log_mean, log_sigma
        Mean and standard deviation of the natural log of an amount in pounds.
    share
        Share of merchants.
    online
        Share of its transactions that happen online.
    """

    name: str
    mcc: str
    log_mean: float
    log_sigma: float
    share: float
    online: float


# Log means of fuel, food, books and travel, and fuel's sigma: Birmingham purchase cards. Other
# sigmas are narrower, and phone and fees lower, than on a council's cards, because households are
# meant; the other kinds lie between by what households pay.
KINDS: Final = (
    SpendingKind("grocery_store", "5411", 3.10, 0.80, 0.20, 0.10),
    SpendingKind("restaurant", "5812", 3.10, 0.70, 0.22, 0.05),
    SpendingKind("fuel", "5541", 3.93, 0.55, 0.06, 0.00),
    SpendingKind("transport", "4111", 1.90, 0.70, 0.06, 0.40),
    SpendingKind("shopping", "5311", 3.50, 1.10, 0.20, 0.55),
    SpendingKind("books", "5942", 3.11, 1.00, 0.04, 0.60),
    SpendingKind("health", "5912", 3.00, 0.90, 0.06, 0.15),
    SpendingKind("entertainment", "7832", 2.90, 0.80, 0.06, 0.50),
    SpendingKind("phone", "4814", 3.60, 0.60, 0.02, 0.90),
    SpendingKind("utilities", "4900", 4.40, 0.60, 0.02, 0.95),
    SpendingKind("travel", "4722", 4.15, 1.20, 0.04, 0.80),
    SpendingKind("fees", "9399", 3.80, 1.00, 0.02, 0.70),
)
# Birmingham purchase cards: transactions per merchant fall as rank ** -1.18.
ZIPF_EXPONENT: Final = 1.18
# Birmingham purchase cards: 15 % of descriptors hold digits.
NUMBERED_SHARE: Final = 0.15
TOWN_SHARE: Final = 0.4
_SYLLABLES: Final = (
    *("bo", "car", "den", "el", "fra", "gil", "hol", "in", "jo", "ka"),
    *("lin", "mor", "nor", "ol", "pre", "ri", "sa", "ton", "ver", "wil"),
)
_ENDINGS: Final = ("", "", " LTD", " STORES", " & SONS", ".CO.UK", "*ONLINE", " PLC")
_TOWNS: Final = ("LONDON", "LEEDS", "B'HAM", "YORK", "HULL", "BATH", "DERBY", "STOKE")


@dataclass(frozen=True)
class Merchants:
    """All merchants as columns of shape (n_merchants,).

    Parameters
    ----------
    identifier, descriptor
        Their ids and the text on a statement, at most 25 characters.
    kind
        Index into `KINDS`.
    popularity
        Chance that a stranger's purchase goes there; sums to 1.
    """

    identifier: NDArray[np.str_]
    descriptor: NDArray[np.str_]
    kind: NDArray[np.int64]
    popularity: NDArray[np.float64]


def make_merchants(seed: int, n_merchants: int) -> Merchants:
    """Draw the merchants of a world."""
    random = stream(seed, Stream.MERCHANTS)
    weights = np.arange(1, n_merchants + 1, dtype=np.float64) ** -ZIPF_EXPONENT
    shares = np.array([kind.share for kind in KINDS])
    names = np.array([_name(random) for _ in range(n_merchants)])
    kind = random.choice(len(KINDS), size=n_merchants, p=shares / shares.sum())
    return Merchants(
        identifier=np.array([f"m{number:06d}" for number in range(n_merchants)]),
        descriptor=with_hints(seed, names, kind),
        kind=kind,
        popularity=random.permutation(weights / weights.sum()),
    )


def _name(random: np.random.Generator) -> str:
    """Make up one name with its ending, now and then with a town or a store number."""
    name = "".join(random.choice(_SYLLABLES, size=random.integers(2, 5))).upper()
    text = name + str(random.choice(_ENDINGS))
    if random.random() < NUMBERED_SHARE:
        text += f" {random.integers(1, 10_000):04d}"
    if random.random() < TOWN_SHARE:
        text += f" {random.choice(_TOWNS)}"
    return text[:MAX_DESCRIPTOR]
