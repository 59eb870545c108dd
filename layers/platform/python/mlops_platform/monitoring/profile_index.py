"""Where the profiles of a series lie: bodies in S3, and a small index item for each.

An item's place begins with its period, an hour (``2026-03-02T12``) or a whole day (``2026-03-02``),
so that the items of a period stand together. What counts is what the index names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.monitoring_table import (
    FIRST,
    LAST,
    Item,
    MonitoringTable,
    key,
    number,
    text,
)
from mlops_platform.profiles.profile import Profile

PREFIX: Final = "profiles"


@dataclass(frozen=True, kw_only=True)
class ProfileEntry:
    """One item of the index.

    Parameters
    ----------
    series, period, batch
        Whose profile of which hour or day it is, and the hash of what it counts.
    body_key
        Where the profile lies in the monitoring bucket.
    n, n_labelled
        How many predictions and labels it counts.
    """

    series: Series
    period: str
    batch: str
    body_key: str
    n: int
    n_labelled: int

    @classmethod
    def of(cls, series: Series, period: str, batch: str, profile: Profile) -> Self:
        """Return the entry of a profile."""
        day, _, hour = period.partition("T")
        folder = f"{PREFIX}/{series.model_name}/{series.bundle_sha256}/{day}"
        return cls(
            series=series,
            period=period,
            batch=batch,
            body_key=f"{folder}/{hour or 'day'}/{batch}",
            n=profile.n,
            n_labelled=profile.n_labelled,
        )

    @classmethod
    def from_item(cls, series: Series, item: Mapping[str, Any]) -> Self:
        """Read an item of the monitoring table."""
        stored = dict(item)
        period, _, batch = text(stored, "place").partition("#")
        return cls(
            series=series,
            period=period,
            batch=batch,
            body_key=text(stored, "body_key"),
            n=number(stored, "n"),
            n_labelled=number(stored, "n_labelled"),
        )

    @property
    def place(self) -> str:
        """The item's place in its partition."""
        return f"{self.period}#{self.batch}"

    def put(self) -> Item:
        """Return the Put that fails if the entry is there already."""
        return {
            "Put": {
                "Item": {
                    **key(_partition(self.series), self.place),
                    "body_key": {"S": self.body_key},
                    "n": {"N": str(self.n)},
                    "n_labelled": {"N": str(self.n_labelled)},
                },
                "ConditionExpression": "attribute_not_exists(place)",
            }
        }

    def delete(self) -> Item:
        """Return the Delete that fails if the entry is gone already."""
        return {
            "Delete": {
                "Key": key(_partition(self.series), self.place),
                "ConditionExpression": "attribute_exists(place)",
            }
        }


@dataclass(frozen=True)
class ProfileIndex:
    """Reads the index."""

    table: MonitoringTable

    def entries(
        self, series: Series, first: str = FIRST, last: str = LAST
    ) -> Iterator[ProfileEntry]:
        """Yield the entries whose places lie between two texts, in their order."""
        for item in self.table.query(_partition(series), first, last):
            yield ProfileEntry.from_item(series, item)

    def series_of(self, model_name: str) -> dict[Series, str]:
        """Return the series of a model and the version that each one's bundle is."""
        return {
            Series(model_name, text(item, "place")): text(item, "model_version")
            for item in self.table.query(_series_partition(model_name))
        }

    def register(self, series: Series, model_version: str) -> None:
        """Remember that there is a series; a repetition changes nothing."""
        self.table.dynamodb.put_item(
            TableName=self.table.name,
            Item={
                **key(_series_partition(series.model_name), series.bundle_sha256),
                "model_version": {"S": model_version},
            },
        )


def _partition(series: Series) -> str:
    return f"profiles#{series.model_name}#{series.bundle_sha256}"


def _series_partition(model_name: str) -> str:
    return f"series#{model_name}"
