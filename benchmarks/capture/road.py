"""The road from log to function in simulated time, with the faults of the local cloud's.

Times are simulated, because what matters is minutes and the machine's own speed does not.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from benchmarks.capture.traffic import Written
from local_cloud.subscriptions.faults import Faults

# For how many seconds at most a batch is held back until later ones have passed it.
HELD_SECONDS = 20.0


@dataclass(frozen=True)
class Delivery:
    """What arrives at a function, and when (seconds since the start)."""

    at: float
    lines: list[Written]


@dataclass
class Road:
    """Carries batches, and remembers what it dropped.

    Parameters
    ----------
    faults
        As for the local cloud's subscriptions.
    """

    faults: Faults
    dropped: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._chance = Random(self.faults.seed)  # noqa: S311 - repeatable on purpose

    def carry(self, batches: Iterable[tuple[float, list[Written]]]) -> list[Delivery]:
        """Return the deliveries of all batches in the order of their arrival."""
        arriving = [
            Delivery(self._arrival(moment), lines)
            for moment, batch in self._rebatched(list(batches))
            if (lines := [line for line in batch if self._keep(line)])
            for _ in range(2 if self._happens(self.faults.duplicate) else 1)
        ]
        return sorted(arriving, key=lambda delivery: delivery.at)

    def _arrival(self, moment: float) -> float:
        held = self._happens(self.faults.reorder)
        return moment + self.faults.delay_seconds + (self._chance.random() * HELD_SECONDS * held)

    def _keep(self, line: Written) -> bool:
        if self._happens(self.faults.drop):
            self.dropped.add(line.number)
            return False
        return True

    def _rebatched(
        self, batches: list[tuple[float, list[Written]]]
    ) -> Iterator[tuple[float, list[Written]]]:
        """Yield batches, some joined with an environment's next one and cut elsewhere."""
        batches.sort(key=lambda batch: (batch[1][0].environment, batch[0]))
        for _, own in itertools.groupby(batches, lambda batch: batch[1][0].environment):
            pending = list(own)
            while pending:
                moment, lines = pending.pop(0)
                if pending and self._happens(self.faults.rebatch):
                    moment, following = pending.pop(0)
                    lines = [*lines, *following]
                    cut = self._chance.randrange(1, len(lines))
                    yield moment, lines[:cut]
                    lines = lines[cut:]
                yield moment, lines

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self._chance.random() < chance
