"""The text of a statement line: what a merchant is, as far as its name says, and some mess."""

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.randomness import Stream, stream

MAX_DESCRIPTOR: Final = 25
# How many merchants' names say what they sell.
HINTED_SHARE: Final = 0.55
# Payment services stand before the merchant on a line.
SERVICES: Final = np.array(["PAYPAL *", "SQ *", "SUMUP *"])
SERVICE_SHARE: Final = 0.06
REFERENCE_SHARE: Final = 0.04
# In the order of `merchants.KINDS`.
HINTS: Final = (
    ("FOODS", "MARKET", "GROCER", "SUPERMKT", "DELI"),
    ("CAFE", "PIZZA", "GRILL", "KITCHEN", "COFFEE", "BAR"),
    ("FUEL", "PETROL", "SERVICE STN"),
    ("TAXI", "RAIL", "BUS", "PARKING"),
    ("STORE", "HOME", "FASHION", "GIFTS", "ELECTRICAL"),
    ("BOOKS", "PRESS", "NEWS"),
    ("PHARMACY", "CHEMIST", "DENTAL", "OPTICIAN"),
    ("CINEMA", "GAMES", "THEATRE", "LEISURE"),
    ("MOBILE", "TELECOM"),
    ("ENERGY", "WATER", "POWER"),
    ("HOTEL", "AIR", "TRAVEL", "TOURS"),
    ("COUNCIL", "BANK", "TAX"),
)


def with_hints(seed: int, names: NDArray[np.str_], kind: NDArray[np.int64]) -> NDArray[np.str_]:
    """Return merchants' names, some with a word for what they sell after the first one.

    Parameters
    ----------
    seed
        The world's.
    names, kind
        Of shape (n_merchants,).
    """
    random = stream(seed, Stream.DESCRIPTORS)
    hinted = random.random(len(names)) < HINTED_SHARE
    choice = random.random(len(names))
    return np.array(
        [
            _hinted(str(name), HINTS[one][int(at * len(HINTS[one]))]) if has else str(name)
            for name, one, at, has in zip(names, kind, choice, hinted, strict=True)
        ]
    )


def statement_lines(seed: int, day: date, descriptor: NDArray[np.str_]) -> NDArray[np.str_]:
    """Return what a day's lines say, of shape (n,): now and then a service or a reference."""
    random = stream(seed, Stream.STATEMENT_LINES, day.toordinal())
    n = len(descriptor)
    service = np.where(
        random.random(n) < SERVICE_SHARE, SERVICES[random.integers(0, len(SERVICES), n)], ""
    )
    number = np.char.mod(" %d", random.integers(1_000, 10_000, n))
    reference = np.where(random.random(n) < REFERENCE_SHARE, number, "")
    lines = np.char.add(np.char.add(service, descriptor), reference)
    return lines.astype(f"<U{MAX_DESCRIPTOR}")


def _hinted(name: str, hint: str) -> str:
    """Put a hint after a name's leading letters."""
    n_letters = next((at for at, sign in enumerate(name) if not sign.isalpha()), len(name))
    return f"{name[:n_letters]} {hint}{name[n_letters:]}"[:MAX_DESCRIPTOR]
