"""Profiles, stored and read back; what a period's profiles add up to."""

import functools
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from mlops_platform.errors import CaptureConflictError
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.monitoring_table import MAX_ATTEMPTS, MonitoringTable
from mlops_platform.monitoring.profile_index import ProfileEntry, ProfileIndex
from mlops_platform.profiles.profile import Profile

_PARALLEL_READS: Final = 16
# In how many of its hours a whole day is counted. The quietest hours of a model with few
# predictions may pass without any; two of them say little, an evening would.
MIN_HOURS: Final = 22


@dataclass(frozen=True, kw_only=True)
class ProfileStore:
    """Writes and reads profiles.

    Parameters
    ----------
    s3
        The boto3 client.
    bucket
        The monitoring bucket.
    table
        The monitoring table.
    """

    s3: Any
    bucket: str
    table: MonitoringTable

    @property
    def index(self) -> ProfileIndex:
        """The index of what counts."""
        return ProfileIndex(self.table)

    def store(self, series: Series, period: str, batch: str, profile: Profile) -> ProfileEntry:
        """Store a profile's body; it counts when the entry that is returned is in the index."""
        entry = ProfileEntry.of(series, period, batch, profile)
        self.s3.put_object(Bucket=self.bucket, Key=entry.body_key, Body=profile.to_bytes())
        return entry

    def merged(self, series: Series, first: str, end: str) -> Profile | None:
        """Return the profile of what happened in a period; None if nothing did.

        Parameters
        ----------
        series
            Whose predictions.
        first, end
            The first hour or day, and the first one that is not counted any more. Only whole days
            are exact once hours have been compacted into days; see `compaction`.

        Raises
        ------
        CaptureConflictError
            The period was compacted whenever it was read.
        """
        return total(self._read_stable(series, first, end).values())

    def by_day(self, series: Series, first: date, end: date) -> dict[date, Profile]:
        """Return the profile of each UTC day from `first` to the one before `end`, if it has one.

        Raises
        ------
        CaptureConflictError
            The days were compacted whenever they were read.
        """
        profiles = self._read_stable(series, first.isoformat(), end.isoformat())
        n_days = (end - first).days
        days = [(first + timedelta(days=number)) for number in range(n_days)]
        grouped = {
            day: total(p for entry, p in profiles.items() if entry.period[:10] == day.isoformat())
            for day in days
        }
        return {day: profile for day, profile in grouped.items() if profile is not None}

    def whole_days(self, series: Series, first: date, end: date) -> dict[date, Profile]:
        """Return the profiles of the days that were counted from morning to night.

        Days on which a release, a rollback or an outage cut a bundle's traffic short are left out,
        and so are those that were compacted, of which nobody knows the hours any more; the last
        two complete days never are.

        Parameters
        ----------
        series
            Whose predictions.
        first, end
            The first day, and the first one that is not read; all must be over.

        Raises
        ------
        CaptureConflictError
            The days were compacted whenever they were read.
        """
        profiles = self._read_stable(series, first.isoformat(), end.isoformat())
        by_day: dict[date, dict[ProfileEntry, Profile]] = {}
        for entry, profile in profiles.items():
            by_day.setdefault(date.fromisoformat(entry.period[:10]), {})[entry] = profile
        return {
            day: functools.reduce(Profile.merge, parts.values())
            for day, parts in by_day.items()
            if _n_hours(parts) >= MIN_HOURS
        }

    def bodies(self, entries: Iterable[ProfileEntry]) -> list[Profile]:
        """Return the profiles of entries.

        Raises
        ------
        NoSuchKey
            S3's: a compaction has replaced one of them.
        """
        with ThreadPoolExecutor(_PARALLEL_READS) as readers:
            return list(readers.map(self._body, entries))

    def _body(self, entry: ProfileEntry) -> Profile:
        answer = self.s3.get_object(Bucket=self.bucket, Key=entry.body_key)
        return Profile.from_bytes(answer["Body"].read())

    def _read_stable(self, series: Series, first: str, end: str) -> dict[ProfileEntry, Profile]:
        """Read entries that were the same before and after, so that no compaction lies between.

        A query is not isolated from transactions: it may see a compaction half done.
        """

        def entries() -> list[ProfileEntry]:
            return list(self.index.entries(series, first, end))

        before = entries()
        for _ in range(MAX_ATTEMPTS):
            profiles = self._bodies_or_none(before)
            after = entries()
            if after == before and profiles is not None:
                return dict(zip(before, profiles, strict=True))
            before = after
        raise CaptureConflictError(
            f"The profiles of {series.model_name} from {first} to {end} were being rewritten "
            f"{MAX_ATTEMPTS} times; read them again in a moment."
        )

    def _bodies_or_none(self, entries: Iterable[ProfileEntry]) -> list[Profile] | None:
        try:
            return self.bodies(entries)
        except self.s3.exceptions.NoSuchKey:
            return None


def _n_hours(entries: Iterable[ProfileEntry]) -> int:
    """Return in how many hours predictions were counted; labels alone do not make one."""
    return len({entry.period for entry in entries if "T" in entry.period and entry.n > 0})


def total(profiles: Iterable[Profile]) -> Profile | None:
    """Return what profiles of one bundle add up to; None of none."""
    rest = iter(profiles)
    first = next(rest, None)
    return None if first is None else functools.reduce(Profile.merge, rest, first)
