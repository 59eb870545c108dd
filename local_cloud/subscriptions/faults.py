"""What can go wrong on the way from a log to its subscriber, made to order and repeatable."""

import dataclasses
import random
from collections.abc import Iterable, Iterator
from typing import Any

from local_cloud.subscriptions.parcels import Batch, Parcel, Subscription

# A road that made one batch of every record would only be slow.
_CUTS_FOR_ONE = 4


@dataclasses.dataclass(frozen=True)
class Faults:
    """How delivery misbehaves; the default is not at all.

    Attributes
    ----------
    delay_seconds
        How long every batch waits before it is delivered.
    duplicate
        Chance (0 to 1) that a batch is delivered twice.
    rebatch
        Chance (0 to 1) that what one subscription gets in a flush is joined and cut elsewhere.
    reorder
        Chance (0 to 1) that a batch is held back until the batches of a later flush have passed it.
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
        The records lost so far, one to a parcel.
    duplicated, rebatched, overtaken
        How many batches came twice, were cut elsewhere, or were passed by later ones, so far.
    """

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.dropped: list[Parcel] = []
        self.duplicated = self.rebatched = self.overtaken = 0
        self._held: list[Parcel] = []
        self._random = random.Random(faults.seed)  # noqa: S311 (faults, not secrets)

    @property
    def holds_back(self) -> bool:
        """Whether a batch waits to be passed by later ones."""
        return bool(self._held)

    def plan(self, parcels: Iterable[Parcel]) -> list[Parcel]:
        """Return what to deliver of one flush, in order; none is empty.

        A flush either leaves batches behind or brings those that were left behind, last first: so
        nothing is held back for longer than one flush, and a flush of nothing brings the rest.
        """
        planned = list(self._rebatch([kept for each in parcels if (kept := self._keep(each))]))
        planned = list(self._duplicate(planned))
        if not self._held:
            return self._hold_back(planned)
        self.overtaken += len(self._held) if planned else 0
        late, self._held = self._held[::-1], []
        return [*planned, *late]

    def describe(self) -> dict[str, Any]:
        """Return the faults, and how often each has struck."""
        return {
            **vars(self.faults),
            "records_dropped": len(self.dropped),
            "batches_duplicated": self.duplicated,
            "batches_rebatched": self.rebatched,
            "batches_overtaken": self.overtaken,
        }

    def list_dropped(self) -> list[dict[str, Any]]:
        """Return the records lost so far, each with where it comes from and was to go."""
        return [
            {
                "log_group": subscription.log_group,
                "log_stream": subscription.log_stream,
                "destination_arn": subscription.destination_arn,
                **record,
            }
            for subscription, records in self.dropped
            for record in records
        ]

    def _happens(self, chance: float) -> bool:
        # No draw for what is off, so that faults do not disturb each other's sequence.
        return chance > 0 and self._random.random() < chance

    def _keep(self, parcel: Parcel) -> Parcel | None:
        kept: Batch = []
        for record in parcel.records:
            if self._happens(self.faults.drop):
                self.dropped.append(Parcel(parcel.subscription, [record]))
            else:
                kept.append(record)
        return Parcel(parcel.subscription, kept) if kept else None

    def _rebatch(self, parcels: list[Parcel]) -> Iterator[Parcel]:
        by_subscription: dict[Subscription, list[Batch]] = {}
        for subscription, records in parcels:
            by_subscription.setdefault(subscription, []).append(records)
        for subscription, batches in by_subscription.items():
            moved = self._happens(self.faults.rebatch)
            self.rebatched += len(batches) if moved else 0
            cut = self._cut_elsewhere(batches) if moved else batches
            yield from (Parcel(subscription, batch) for batch in cut)

    def _cut_elsewhere(self, batches: list[Batch]) -> list[Batch]:
        """Join batches and cut them where none ended before."""
        records: Batch = [record for batch in batches for record in batch]
        ends = {len(records)}
        for batch in reversed(batches):
            ends.add(min(ends) - len(batch))
        places = sorted(set(range(1, len(records))) - ends)
        most = min(len(places), _CUTS_FOR_ONE * len(batches))
        n_cuts = self._random.randint(1, most) if places else 0
        cuts = sorted(self._random.sample(places, n_cuts))
        bounds = zip([0, *cuts], [*cuts, len(records)], strict=True)
        return [records[start:end] for start, end in bounds]

    def _duplicate(self, parcels: list[Parcel]) -> Iterator[Parcel]:
        for parcel in parcels:
            yield parcel
            if self._happens(self.faults.duplicate):
                self.duplicated += 1
                yield Parcel(parcel.subscription, list(parcel.records))

    def _hold_back(self, parcels: list[Parcel]) -> list[Parcel]:
        passing = []
        for parcel in parcels:
            if self._happens(self.faults.reorder):
                self._held.append(parcel)
            else:
                passing.append(parcel)
        return passing
