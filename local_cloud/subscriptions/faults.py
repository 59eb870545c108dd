"""What can go wrong on the way from a log to its subscriber, made to order and repeatable."""

import dataclasses
import random
from typing import Any

Record = dict[str, Any]
Batch = list[Record]


@dataclasses.dataclass(frozen=True)
class Faults:
    """How delivery misbehaves; the default is not at all.

    Attributes
    ----------
    delay_seconds
        How long every batch waits before it is delivered.
    duplicate, reorder, rebatch
        Chance (0 to 1) that a batch is delivered twice, that the batches of a flush are shuffled,
        that a batch is cut into smaller ones.
    drop
        Chance (0 to 1) that a record is lost.
    seed
        Same seed, same batches: same faults.
    """

    delay_seconds: float = 0.0
    duplicate: float = 0.0
    rebatch: float = 0.0
    reorder: float = 0.0
    drop: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("duplicate", "rebatch", "reorder", "drop"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a chance between 0 and 1, not {getattr(self, name)}.")
        if self.delay_seconds < 0:
            raise ValueError(f"delay_seconds must not be negative, it is {self.delay_seconds}.")

    @classmethod
    def from_request(cls, request: dict[str, Any]) -> "Faults":
        """Read `POST /subscription-faults`; what is not named is switched off.

        Raises
        ------
        ValueError
            For an unknown name or a value out of range.
        """
        known = {field.name for field in dataclasses.fields(cls)}
        unknown = set(request) - known
        if unknown:
            raise ValueError(f"Unknown faults {sorted(unknown)}; known are {sorted(known)}.")
        numbers = {name: float(value) for name, value in request.items()}
        return cls(**{**numbers, "seed": int(numbers.get("seed", 0))})  # type: ignore[arg-type]


class FaultyRoad:
    """Turns the batches of each flush into what is really delivered.

    Attributes
    ----------
    dropped
        The records lost so far.
    """

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.dropped: list[Record] = []
        self._random = random.Random(faults.seed)  # noqa: S311 (faults, not secrets)

    def plan(self, batches: list[Batch]) -> list[Batch]:
        """Return the batches to deliver, in order; none is empty."""
        kept = [[record for record in batch if self._keep(record)] for batch in batches]
        planned = [piece for batch in kept if batch for piece in self._cut(batch)]
        planned += [list(batch) for batch in planned if self._happens(self.faults.duplicate)]
        if self._happens(self.faults.reorder):
            self._random.shuffle(planned)
        return planned

    def _happens(self, chance: float) -> bool:
        # No draw for what is off, so that faults do not disturb each other's sequence.
        return chance > 0 and self._random.random() < chance

    def _keep(self, record: Record) -> bool:
        if self._happens(self.faults.drop):
            self.dropped.append(record)
            return False
        return True

    def _cut(self, batch: Batch) -> list[Batch]:
        if len(batch) == 1 or not self._happens(self.faults.rebatch):
            return [batch]
        cuts = sorted(
            self._random.sample(range(1, len(batch)), self._random.randint(1, len(batch) - 1))
        )
        return [
            batch[start:end] for start, end in zip([0, *cuts], [*cuts, len(batch)], strict=True)
        ]
