"""Which numbers of an execution environment have been counted, and so which are lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from mlops_platform.monitoring.interval_set import NOTHING, IntervalSet
from mlops_platform.monitoring.monitoring_table import Item, key, number, text

# A number that is missing for so long is not on its way any more. CloudWatch Logs may deliver up
# to a day later, and a dead letter whenever it is redriven: what comes then is lost no longer.
SETTLING_SECONDS: Final = 900


@dataclass(frozen=True, kw_only=True)
class EnvironmentLog:
    """What was seen of one execution environment.

    Parameters
    ----------
    model_name, environment_id
        Which one.
    seen
        The numbers that were counted.
    version
        The item's version as it was read; 0 means that there is no item yet.
    repeated
        How often a number came that had been counted before; approximate after a crash.
    last_seen
        Epoch second at which a new number was counted last.
    mark, marked_at
        The highest number at an earlier moment, and that epoch second.
    settled
        A number up to which whatever is missing has been missing for `SETTLING_SECONDS`.
    """

    model_name: str
    environment_id: str
    seen: IntervalSet = NOTHING
    version: int = 0
    repeated: int = 0
    last_seen: int = 0
    mark: int = 0
    marked_at: int = 0
    settled: int = 0

    def counting(self, numbers: Iterable[int], now: int) -> Self:
        """Return the log after numbers were counted at an epoch second."""
        due = now - self.marked_at >= SETTLING_SECONDS
        seen = self.seen.union(IntervalSet.of(numbers))
        return replace(
            self,
            seen=seen,
            last_seen=now,
            settled=self.mark if due else self.settled,
            mark=seen.highest if due else self.mark,
            marked_at=now if due else self.marked_at,
        )

    def lost(self, now: int) -> IntervalSet:
        """Return the numbers that are missing and, at an epoch second, no longer on their way.

        What an environment wrote after the last number that arrived leaves no gap; see
        `sdk.recovery`.
        """
        if now - self.last_seen >= SETTLING_SECONDS:
            return self.missing
        settled = self.mark if now - self.marked_at >= SETTLING_SECONDS else self.settled
        return self.seen.missing(settled)

    @property
    def missing(self) -> IntervalSet:
        """Every number below the highest that has not been counted."""
        return self.seen.missing(self.seen.highest)

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """Read an item of the monitoring table."""
        stored = dict(item)
        return cls(
            model_name=text(stored, "partition").partition("#")[2],
            environment_id=text(stored, "place"),
            seen=IntervalSet.from_bytes(stored["seen"]["B"]),
            version=number(stored, "version"),
            repeated=number(stored, "repeated"),
            last_seen=number(stored, "last_seen"),
            mark=number(stored, "mark"),
            marked_at=number(stored, "marked_at"),
            settled=number(stored, "settled"),
        )

    def update(self, repeated: int, expires_at: int) -> Item:
        """Return the Update that fails if somebody has changed the item since it was read."""
        numbers = {
            "version": self.version + 1,
            "last_seen": self.last_seen,
            "mark": self.mark,
            "marked_at": self.marked_at,
            "settled": self.settled,
            "expires_at": expires_at,
        }
        values = {f":{name}": {"N": str(value)} for name, value in numbers.items()}
        condition = "version = :read" if self.version else "attribute_not_exists(version)"
        read = {":read": {"N": str(self.version)}} if self.version else {}
        assigned = ", ".join(f"{name} = :{name}" for name in ("seen", *numbers))
        return {
            "Key": key(environments_of(self.model_name), self.environment_id),
            "ConditionExpression": condition,
            "UpdateExpression": f"SET {assigned} ADD repeated :repeated",
            "ExpressionAttributeValues": {
                **values,
                **read,
                ":seen": {"B": self.seen.to_bytes()},
                ":repeated": {"N": str(repeated)},
            },
        }


def environments_of(model_name: str) -> str:
    """Return the partition of a model's environments."""
    return f"environments#{model_name}"
