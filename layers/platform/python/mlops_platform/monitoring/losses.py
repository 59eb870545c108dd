"""What was lost between the functions that predict and the profiles, to the single number."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mlops_platform.monitoring.environment_log import EnvironmentLog, environments_of
from mlops_platform.monitoring.interval_set import IntervalSet
from mlops_platform.monitoring.monitoring_table import MonitoringTable


@dataclass(frozen=True, kw_only=True)
class LossReport:
    """What the numbers of one model's execution environments say.

    Parameters
    ----------
    environments
        How many there were.
    counted, repeated
        Predictions that were counted, and how often one came again.
    pending
        Numbers that are missing and may be on their way.
    lost
        By environment, the numbers that are missing and are not on their way any more. What an
        environment wrote last and never arrived leaves no gap, nor does an environment of which
        nothing arrived: only the log itself knows of these (`mlops recover`).
    """

    environments: int
    counted: int
    repeated: int
    pending: int
    lost: dict[str, IntervalSet]

    @property
    def n_lost(self) -> int:
        """How many predictions are lost."""
        return sum(map(len, self.lost.values()))

    @classmethod
    def of(cls, logs: Iterable[EnvironmentLog], now: int) -> "LossReport":
        """Return what environments' logs say at an epoch second."""
        listed = list(logs)
        lost = {log.environment_id: log.lost(now) for log in listed}
        missing = sum(len(log.missing) for log in listed)
        return cls(
            environments=len(listed),
            counted=sum(len(log.seen) for log in listed),
            repeated=sum(log.repeated for log in listed),
            pending=missing - sum(map(len, lost.values())),
            lost={name: numbers for name, numbers in lost.items() if len(numbers)},
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON's own types."""
        return {
            "environments": self.environments,
            "counted": self.counted,
            "repeated": self.repeated,
            "pending": self.pending,
            "lost": self.n_lost,
            "lost_numbers": {name: list(numbers.intervals) for name, numbers in self.lost.items()},
        }


def report_losses(
    table: MonitoringTable, model_name: str, *, now: int, since: int = 0
) -> LossReport:
    """Report what was lost of a model's predictions.

    Parameters
    ----------
    table
        The monitoring table.
    model_name
        The model.
    now, since
        Epoch seconds; environments that were last heard of before `since` are left out.
    """
    items = table.query(
        environments_of(model_name),
        FilterExpression="last_seen >= :since",
        ExpressionAttributeValues={":since": {"N": str(since)}},
    )
    return LossReport.of(map(EnvironmentLog.from_item, items), now)
