"""One independent stream of random numbers per thing that is drawn and day that it happens."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Stream(IntEnum):
    """What a stream is for; a stream's numbers never depend on how much another one drew."""

    PEOPLE = 1
    MERCHANTS = 2
    MONTH = 3
    SPENDING = 4
    COMPROMISED_MERCHANTS = 5
    COMPROMISED_CARDS = 6
    CARD_FRAUD = 7
    LABELS = 8
    SKIMMING = 9
    FAULTS = 10
    MARKETPLACES = 11
    CATEGORIES = 12
    OWN_WAYS = 13
    CATEGORY_LABELS = 14
    DESCRIPTORS = 15
    STATEMENT_LINES = 16
    PRODUCTS = 17
    CUSTOMERS = 18
    TAKE_UPS = 19
    GOALS = 20
    UTTERANCES = 21


def stream(seed: int, kind: Stream, period: int = 0) -> np.random.Generator:
    """Return the generator of one stream in one period (a day or month number).

    A day's numbers depend on the seed and the day alone, so a longer world has the same beginning.
    """
    return np.random.default_rng([seed, int(kind), period])


def uniform_of(seed: int, kind: Stream, key: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each key of shape (n,); the same key has always the same one.

    It is for what is true of a thing for ever, where drawing for all things would be too much.

    References
    ----------
    .. [1] Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", fig. 17
       (the finalizer of SplitMix64).
    """
    start = np.random.default_rng([seed, int(kind)]).integers(0, 2**63, dtype=np.uint64)
    mixed = (key.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15) + start
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2**53
