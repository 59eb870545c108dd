"""Compaction: the profiles of a past hour become one, and later those of a past day."""

import hashlib
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import CompactProfilesSettings
from mlops_platform.config.models import MODELS
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.monitoring_table import MAX_ACTIONS, MonitoringTable
from mlops_platform.monitoring.profile_index import ProfileEntry
from mlops_platform.monitoring.profile_store import ProfileStore, total
from mlops_platform.observability.logging import logger

# What is younger is asked for by hours.
HOURLY_FOR: Final = timedelta(days=2)
# The merged entry and those that it replaces are written together.
_MAX_PARTS: Final = MAX_ACTIONS - 1


@dataclass(frozen=True)
class Compaction:
    """Merges profiles.

    Parameters
    ----------
    profiles
        Where they lie.
    """

    profiles: ProfileStore

    @classmethod
    def from_settings(cls, settings: CompactProfilesSettings) -> Self:
        """Connect to the table and the bucket."""
        table = MonitoringTable(client("dynamodb"), settings.monitoring_table)
        bucket = settings.monitoring_bucket
        return cls(ProfileStore(s3=client("s3"), bucket=bucket, table=table))

    def compact_all(self, now: datetime) -> dict[str, int]:
        """Compact every series of every model; return how many profiles there were and are."""
        series = [each for model in MODELS for each in self.profiles.index.series_of(model.name)]
        sizes = [self.compact(each, now) for each in series]
        counts = {"before": sum(size[0] for size in sizes), "after": sum(size[1] for size in sizes)}
        logger.info("profiles compacted", extra=counts)
        return counts

    def compact(self, series: Series, now: datetime) -> tuple[int, int]:
        """Compact one series; return how many profiles it had and has.

        Parameters
        ----------
        series
            Whose profiles.
        now
            What ended before this moment is merged, into hours or, when it is old enough, into
            days. What comes later for the same hour or day is merged the next time.
        """
        entries = list(self.profiles.index.entries(series))
        left = 0
        for period, group in itertools.groupby(entries, lambda each: _target(each.period, now)):
            parts = list(group)
            left += len(parts) if period is None else self._merge_all(series, period, parts)
        return len(entries), left

    def _merge_all(self, series: Series, period: str, entries: Sequence[ProfileEntry]) -> int:
        """Merge a period's entries into one; return how many there are now."""
        rest = list(entries)
        while len(rest) > 1 or rest[0].period != period:
            merged = self._merge(series, period, rest[:_MAX_PARTS])
            if merged is None:
                # Somebody else compacts the same period; what they leave is for the next time.
                break
            rest = [merged, *rest[_MAX_PARTS:]]
        return len(rest)

    def _merge(
        self, series: Series, period: str, parts: Sequence[ProfileEntry]
    ) -> ProfileEntry | None:
        """Replace entries by one that counts as much; None when one of them is gone already."""
        table, s3 = self.profiles.table, self.profiles.s3
        try:
            profile = total(self.profiles.bodies(parts))
        except s3.exceptions.NoSuchKey:
            return None
        if profile is None:
            return None
        merged = self.profiles.store(series, period, _batch(parts), profile)
        if not table.write([merged.put(), *(part.delete() for part in parts)]):
            return None
        # Only now: until then readers may be on their way to them.
        s3.delete_objects(
            Bucket=self.profiles.bucket,
            Delete={"Objects": [{"Key": part.body_key} for part in parts], "Quiet": True},
        )
        return merged


def _target(period: str, now: datetime) -> str | None:
    """Return the hour or day into which a period is merged; None while it goes on."""
    day = period[:10]
    if day < f"{now - HOURLY_FOR:%Y-%m-%d}":
        return day
    return period if period < f"{now:%Y-%m-%dT%H}" else None


def _batch(parts: Iterable[ProfileEntry]) -> str:
    """Return a name that only the same parts have."""
    named = "\n".join(part.place for part in parts)
    return hashlib.sha256(named.encode()).hexdigest()[:32]
