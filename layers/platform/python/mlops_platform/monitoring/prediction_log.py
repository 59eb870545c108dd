"""The prediction log: every counted record, in S3 for whoever reads many, found by id for one.

An object holds what one batch counted of one hour; index items name it under each minute in which
one of its predictions was made. An object that no item names counts for nothing: it was written by
a process that died before it counted, and its predictions stand in another one.
"""

import functools
import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

import orjson

from mlops_platform.monitoring.captured_prediction import (
    CapturedPrediction,
    PredictionName,
    read_prediction_id,
)
from mlops_platform.monitoring.monitoring_table import Item, MonitoringTable, key, text

PREFIX: Final = "predictions"


@dataclass(frozen=True, kw_only=True)
class PredictionLog:
    """Writes and reads the log.

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

    def store(self, batch: str, predictions: Sequence[CapturedPrediction]) -> dict[str, str]:
        """Store a batch's records; return the object's key for each minute of their ids.

        Parameters
        ----------
        batch
            A hash of which records these are: the same ones overwrite themselves.
        predictions
            Of one model and of minutes of one hour, in an order of their own.
        """
        model, minute = predictions[0].series.model_name, predictions[0].minute
        day, _, time = minute.partition("T")
        object_key = f"{PREFIX}/model={model}/date={day}/hour={time[:2]}/{batch}.jsonl.gz"
        lines = (
            orjson.dumps(each.record, option=orjson.OPT_APPEND_NEWLINE) for each in predictions
        )
        # Without a time in its head, so that the same records are the same bytes.
        body = gzip.compress(b"".join(lines), mtime=0)
        self.s3.put_object(Bucket=self.bucket, Key=object_key, Body=body)
        return dict.fromkeys((each.minute for each in predictions), object_key)

    def find(self, prediction_ids: Iterable[str]) -> dict[str, CapturedPrediction]:
        """Return those predictions that have been counted, by id.

        Each minute's index and each object is read once, however many ids it is asked for.
        """
        ranges, read = functools.cache(self._ranges), functools.cache(self._read)
        found: dict[str, CapturedPrediction] = {}
        for wanted in prediction_ids:
            for each in ranges(read_prediction_id(wanted)):
                if each.may_hold(wanted) and wanted in read(each.object_key):
                    found[wanted] = read(each.object_key)[wanted]
                    break
        return found

    def _ranges(self, name: PredictionName) -> "list[IdRange]":
        items = self.table.query(_partition(name.model_name, name.minute))
        return [IdRange.from_item(item) for item in items]

    def _read(self, object_key: str) -> dict[str, CapturedPrediction]:
        body = self.s3.get_object(Bucket=self.bucket, Key=object_key)["Body"].read()
        records = map(orjson.loads, gzip.decompress(body).splitlines())
        captured = map(CapturedPrediction.from_record, records)
        return {each.prediction_id: each for each in captured}


class IdRange(NamedTuple):
    """The smallest and the largest id of an object's predictions of one minute."""

    first: str
    last: str
    object_key: str

    @classmethod
    def from_item(cls, item: Item) -> Self:
        """Read an item of the monitoring table."""
        first, _, _ = text(item, "place").partition("#")
        return cls(first, text(item, "last_id"), text(item, "object_key"))

    def may_hold(self, prediction_id: str) -> bool:
        """Say whether an id lies within."""
        return self.first <= prediction_id <= self.last


def put_range(
    object_key: str, batch: str, predictions: Sequence[CapturedPrediction], expires_at: int
) -> Item:
    """Return the Put that lets predictions of one model and one minute be found by their ids."""
    ids = [each.prediction_id for each in predictions]
    partition = _partition(predictions[0].series.model_name, predictions[0].minute)
    item: Mapping[str, Any] = {
        **key(partition, f"{min(ids)}#{batch}"),
        "last_id": {"S": max(ids)},
        "object_key": {"S": object_key},
        "expires_at": {"N": str(expires_at)},
    }
    return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(place)"}}


def _partition(model_name: str, minute: str) -> str:
    return f"predictions#{model_name}#{minute}"
