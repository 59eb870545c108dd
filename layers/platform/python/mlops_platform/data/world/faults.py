"""Named faults: what may go wrong with a world from a day on, and what that truly changes.

Everything that a fault leaves alone stays the same to the last bit, so a world with and one
without it, of the same seed, differ by the fault and by nothing else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.merchants import Merchants
from mlops_platform.data.world.randomness import Stream, stream
from mlops_platform.data.world.spending import Purchases
from mlops_platform.errors import ConfigurationError

SPENDING_FACTOR: Final = 1.6
# A gift card: an amount as usual as any, so that only its sameness gives it away.
CAMPAIGN_MINOR: Final = 6_000
CAMPAIGN_SHARE: Final = 0.9
MINOR_PER_MAJOR: Final = 100
RIVAL_SHARE: Final = 0.3
MISSING_SHARE: Final = 0.3


@dataclass(frozen=True)
class Fault:
    """One fault of a world.

    Parameters
    ----------
    name
        One of `KINDS`.
    since
        The first day that it changes.
    """

    name: str
    since: date

    def __post_init__(self) -> None:
        """Refuse a name that nothing would come of."""
        if self.name not in KINDS:
            raise ConfigurationError(
                f"There is no fault {self.name!r}; give one of {', '.join(KINDS)}."
            )

    @property
    def kind(self) -> "FaultKind":
        """What it does."""
        return KINDS[self.name]


@dataclass(frozen=True, kw_only=True)
class DayOfPurchases:
    """A day's purchases with what only the simulator knows of them, before a table is made.

    Parameters
    ----------
    purchases
        Honest and fraudulent ones, of shape (n,).
    campaign
        Which of them thieves make with stolen cards, where they choose the amount.
    nobody
        Which of them arrive without their user.
    """

    purchases: Purchases
    campaign: NDArray[np.bool_]
    nobody: NDArray[np.bool_]


Change = Callable[[np.random.Generator, DayOfPurchases, int], DayOfPurchases]


@dataclass(frozen=True, kw_only=True)
class FaultKind:
    """What a fault does and what it truly changes.

    Parameters
    ----------
    description
        What happens, in a sentence.
    columns
        The columns of `transactions` whose values change.
    inputs
        Patterns (of `fnmatch`) of the fraud model's inputs that change with them on the first day
        or within a week; what no pattern names follows no column of the fault.
    change
        Makes the faulty day of the sound one and of the number of merchants.
    """

    description: str
    columns: tuple[str, ...]
    inputs: tuple[str, ...]
    change: Change


def with_rivals(merchants: Merchants) -> Merchants:
    """Return the merchants, then a rival of each: same kind, a new name, no customers yet."""
    return Merchants(
        identifier=np.concatenate([merchants.identifier, np.char.add("n", merchants.identifier)]),
        descriptor=np.concatenate([merchants.descriptor, merchants.descriptor]),
        kind=np.concatenate([merchants.kind, merchants.kind]),
        popularity=np.concatenate([merchants.popularity, np.zeros(len(merchants.popularity))]),
    )


def changed(
    seed: int, day: date, sound: DayOfPurchases, faults: Iterable[Fault], n_merchants: int
) -> DayOfPurchases:
    """Let the faults that have begun by then change a day, in their order."""
    random = stream(seed, Stream.FAULTS, day.toordinal())
    for fault in faults:
        if day >= fault.since:
            sound = fault.kind.change(random, sound, n_merchants)
    return sound


def _shift_spending(random: np.random.Generator, day: DayOfPurchases, _: int) -> DayOfPurchases:
    """Make everything dearer, and let thieves turn from large sums to gift cards."""
    minor = day.purchases.amount_minor
    # Prices keep their endings.
    pounds = np.rint(minor * SPENDING_FACTOR / 100).astype(np.int64)
    dearer = np.maximum(pounds * 100 + minor % 100, minor)
    adapted = day.campaign & (random.random(len(minor)) < CAMPAIGN_SHARE)
    amounts = np.where(adapted, CAMPAIGN_MINOR, dearer)
    return replace(day, purchases=replace(day.purchases, amount_minor=amounts))


def _break_units(_: np.random.Generator, day: DayOfPurchases, __: int) -> DayOfPurchases:
    """Let the online feed send pence where pounds are asked for."""
    minor = day.purchases.amount_minor
    wrong = np.where(day.purchases.online, minor * MINOR_PER_MAJOR, minor)
    return replace(day, purchases=replace(day.purchases, amount_minor=wrong))


def _lose_users(random: np.random.Generator, day: DayOfPurchases, _: int) -> DayOfPurchases:
    """Let a share of the purchases arrive without their user."""
    lost = random.random(len(day.nobody)) < MISSING_SHARE
    return replace(day, nobody=day.nobody | lost)


def _open_rivals(
    random: np.random.Generator, day: DayOfPurchases, n_merchants: int
) -> DayOfPurchases:
    """Let a new merchant beside each old one take a share of its purchases."""
    merchant = day.purchases.merchant
    moves = (random.random(len(merchant)) < RIVAL_SHARE) & (merchant < n_merchants)
    moved = np.where(moves, merchant + n_merchants, merchant)
    return replace(day, purchases=replace(day.purchases, merchant=moved))


_OF_AMOUNTS: Final = ("amount", "*_mean_*", "*_z_*", "*_surge_*")

KINDS: Final[dict[str, FaultKind]] = {
    "spending_shift": FaultKind(
        description="Everybody's amounts grow by 60 %, and thieves turn to one gift card.",
        columns=("amount",),
        inputs=_OF_AMOUNTS,
        change=_shift_spending,
    ),
    "broken_upstream": FaultKind(
        description="The online feed sends amounts in pence, a hundred times too large.",
        columns=("amount",),
        inputs=_OF_AMOUNTS,
        change=_break_units,
    ),
    "missing_users": FaultKind(
        description="Three of ten purchases arrive without their user.",
        columns=("user_id",),
        inputs=("user_*",),
        change=_lose_users,
    ),
    "new_merchants": FaultKind(
        description="New merchants take three of ten purchases.",
        columns=("merchant_id",),
        inputs=("merchant_*",),
        change=_open_rivals,
    ),
}
