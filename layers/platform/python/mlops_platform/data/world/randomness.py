"""One independent stream of random numbers per thing that is drawn and day that it happens."""

from enum import IntEnum

import numpy as np


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


def stream(seed: int, kind: Stream, period: int = 0) -> np.random.Generator:
    """Return the generator of one stream in one period (a day or month number).

    A day's numbers depend on the seed and the day alone, so a longer world has the same beginning.
    """
    return np.random.default_rng([seed, int(kind), period])
