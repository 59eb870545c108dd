"""Capture: from a delivery of prediction records to profiles, each prediction counted once.

The numbers that an execution environment gave its predictions decide what is new. The new records
are stored first, as objects that nothing names yet; then one DynamoDB transaction adds their
numbers to those that were counted and names the objects. Who dies before it counted nothing; whose
answer is lost after it finds the numbers counted.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from mlops_platform.aws.backoff import pause
from mlops_platform.aws.clients import client
from mlops_platform.config.functions import IngestPredictionsSettings
from mlops_platform.config.retention import PREDICTION_DAYS
from mlops_platform.errors import CaptureConflictError
from mlops_platform.monitoring.batches import (
    batch_name,
    chunks,
    environment_of,
    fresh_ones,
    grouped,
)
from mlops_platform.monitoring.captured_prediction import CapturedPrediction, Series, require_fit
from mlops_platform.monitoring.environment_log import EnvironmentLog, environments_of
from mlops_platform.monitoring.monitoring_table import MAX_ATTEMPTS, Item, MonitoringTable, key
from mlops_platform.monitoring.prediction_log import PredictionLog, put_range
from mlops_platform.monitoring.profile_store import ProfileStore
from mlops_platform.monitoring.reference_profiles import ReferenceProfiles
from mlops_platform.observability.log_subscription import Delivery, read_delivery
from mlops_platform.observability.logging import logger
from mlops_platform.profiles.profile import Profile

_DAY_SECONDS: Final = 86_400
_UNREADABLE: Final = (AttributeError, KeyError, OverflowError, TypeError, ValueError)


@dataclass(frozen=True, kw_only=True)
class Capture:
    """Counts deliveries of prediction records.

    Parameters
    ----------
    table
        The monitoring table.
    log
        Where the records go.
    profiles
        Where what is counted of them goes.
    references
        The bins in which they are counted.
    clock
        Epoch seconds.
    """

    table: MonitoringTable
    log: PredictionLog
    profiles: ProfileStore
    references: ReferenceProfiles
    clock: Callable[[], float] = time.time
    _registered: set[Series] = field(default_factory=set)

    @classmethod
    def from_settings(cls, settings: IngestPredictionsSettings) -> Self:
        """Connect to the table and the buckets."""
        s3 = client("s3")
        table = MonitoringTable(client("dynamodb"), settings.monitoring_table)
        bucket = settings.monitoring_bucket
        return cls(
            table=table,
            log=PredictionLog(s3=s3, bucket=bucket, table=table),
            profiles=ProfileStore(s3=s3, bucket=bucket, table=table),
            references=ReferenceProfiles(s3=s3, bucket=settings.bundle_bucket),
        )

    def capture(self, event: Mapping[str, Any]) -> dict[str, int]:
        """Count one subscription event.

        Returns
        -------
        dict
            How many ``records`` could be read, were ``counted``, or ``repeated`` what had been
            counted before; and how many lines were ``unreadable``.

        Raises
        ------
        CaptureConflictError
            Other writers were always faster. What was counted stays counted; the same event may
            be delivered again.
        BundleIntegrityError, ProfileError
            A bundle's reference profile cannot be read.
        """
        delivery = read_delivery(event)
        predictions = list(self._readable(delivery))
        counted = sum(self._count(chunk) for chunk in chunks(predictions))
        counts = {
            "records": len(predictions),
            "counted": counted,
            "repeated": len(predictions) - counted,
            "unreadable": delivery.n_unreadable,
        }
        logger.info("predictions captured", extra=counts)
        return counts

    def _readable(self, delivery: Delivery) -> Iterator[CapturedPrediction]:
        for record in delivery.records:
            try:
                prediction = CapturedPrediction.from_record(record)
            except _UNREADABLE as error:
                delivery.refuse(str(record), error)
                continue
            # Not within the try: a bundle that cannot be read is no fault of the record.
            reference = self.references.of(prediction.series)
            try:
                require_fit(prediction, reference)
            except _UNREADABLE as error:
                delivery.refuse(str(record), error)
            else:
                yield prediction

    def _count(self, chunk: Sequence[CapturedPrediction]) -> int:
        """Count what is new in a chunk; return how many predictions that was.

        Objects are stored once for what is new together, so who meets other writers only reads
        and writes the table again: many at one environment come through one after the other.
        """
        naming: dict[str, list[Item]] = {}
        for attempt in range(MAX_ATTEMPTS):
            logs = self._environments(chunk)
            fresh = fresh_ones(chunk, logs)
            n_repeated = len(chunk) - len(fresh)
            if not fresh:
                self._note_repeated(chunk)
                return 0
            batch = batch_name(fresh)
            if batch not in naming:
                naming[batch] = list(self._naming(fresh))
            if self.table.write([*self._counting(fresh, logs, n_repeated), *naming[batch]]):
                return len(fresh)
            pause(attempt)
        raise CaptureConflictError(
            f"{len(chunk)} predictions met other writers {MAX_ATTEMPTS} times; deliver them again, "
            "those that were counted already are recognised."
        )

    def _environments(
        self, predictions: Iterable[CapturedPrediction]
    ) -> dict[tuple[str, str], EnvironmentLog]:
        names = {environment_of(each) for each in predictions}
        items = self.table.read((environments_of(model), name) for model, name in names)
        known = map(EnvironmentLog.from_item, items)
        return {
            **{n: EnvironmentLog(model_name=n[0], environment_id=n[1]) for n in names},
            **{(log.model_name, log.environment_id): log for log in known},
        }

    def _counting(
        self,
        fresh: Sequence[CapturedPrediction],
        logs: Mapping[tuple[str, str], EnvironmentLog],
        n_repeated: int,
    ) -> Iterator[Item]:
        """Yield the updates of the environments; the first one also notes the repetitions."""
        now = int(self.clock())
        for environment, group in grouped(fresh, environment_of):
            log = logs[environment].counting((each.sequence for each in group), now)
            yield {"Update": log.update(n_repeated, self._expiry())}
            n_repeated = 0

    def _naming(self, fresh: Sequence[CapturedPrediction]) -> Iterator[Item]:
        """Store the objects; yield the puts of the index items that name them."""
        for _, hourly in grouped(fresh, lambda each: (each.series.model_name, each.minute[:13])):
            batch = batch_name(hourly)
            keys = self.log.store(batch, hourly)
            for minute, group in grouped(hourly, lambda each: each.minute):
                yield put_range(keys[minute], batch, group, self._expiry())
        for (series, hour), group in grouped(fresh, lambda each: (each.series, each.hour)):
            self._register(series, group[0].record["model_version"])
            profile = Profile.of(self.references.of(series), [each.record for each in group])
            yield self.profiles.store(series, hour, batch_name(group), profile).put()

    def _register(self, series: Series, model_version: str) -> None:
        if series not in self._registered:
            self.profiles.index.register(series, model_version)
            self._registered.add(series)

    def _note_repeated(self, chunk: Sequence[CapturedPrediction]) -> None:
        model_name, environment_id = environment_of(chunk[0])
        self.table.dynamodb.update_item(
            TableName=self.table.name,
            Key=key(environments_of(model_name), environment_id),
            UpdateExpression="ADD repeated :repeated",
            ExpressionAttributeValues={":repeated": {"N": str(len(chunk))}},
        )

    def _expiry(self) -> int:
        return int(self.clock()) + PREDICTION_DAYS * _DAY_SECONDS
