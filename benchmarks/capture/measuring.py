"""One scenario: what was sent, what was counted, what is said to be lost, and how late it came."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from moto import mock_aws

from benchmarks.capture import storage
from benchmarks.capture.road import Delivery, Road
from benchmarks.capture.traffic import (
    MODEL,
    Written,
    by_flush,
    reference_profile,
    written_lines,
)
from local_cloud import dynamodb_transactions
from local_cloud.subscriptions.faults import Faults
from mlops_platform.aws.clients import client
from mlops_platform.features.aggregates import EVENT_LAG_SECONDS
from mlops_platform.monitoring.capture import Capture
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.losses import report_losses
from mlops_platform.monitoring.monitoring_table import MonitoringTable
from mlops_platform.monitoring.prediction_log import PredictionLog
from mlops_platform.monitoring.profile_store import ProfileStore
from mlops_platform.monitoring.reference_profiles import ReferenceProfiles
from mlops_platform.observability.log_subscription import pack_delivery
from mlops_platform.profiles.profile import Profile

# How many ingesting functions run at once, and how many lines a recovery reads at a time.
_INGESTERS: Final = 4
_PAGE_LINES: Final = 1_000
# Long after everything has arrived: what is missing then is lost.
_LATER_SECONDS: Final = 86_400


@dataclass(frozen=True, kw_only=True)
class Load:
    """How much traffic there is.

    Parameters
    ----------
    predictions, environments
        How many, by how many execution environments.
    rate
        Predictions per second.
    flush_seconds
        How long the log gathers lines before it sends them off.
    seed
        Same seed, same traffic.
    """

    predictions: int
    environments: int
    rate: float
    flush_seconds: float
    seed: int


class Ingestion:
    """The real ingestion over moto, in which everything written is added up."""

    def __init__(self) -> None:
        self.written = storage.Written()
        dynamodb = storage.CountingClient(client("dynamodb"), self.written)
        s3 = storage.CountingClient(client("s3"), self.written)
        self.table = MonitoringTable(dynamodb, storage.MONITORING_TABLE)
        self.profiles = ProfileStore(s3=s3, bucket=storage.BUCKET, table=self.table)
        self.references = ReferenceProfiles(s3=s3, bucket=storage.BUNDLES)
        self.capture = Capture(
            table=self.table,
            log=PredictionLog(s3=s3, bucket=storage.BUCKET, table=self.table),
            profiles=self.profiles,
            references=self.references,
        )

    def take(self, delivery: Delivery) -> dict[str, int]:
        """Ingest a delivery; return its counts."""
        return self.capture.capture(pack_delivery(line.line for line in delivery.lines))

    def profile(self, series: Series) -> bytes:
        """Return what has been counted so far."""
        merged = self.profiles.merged(series, "0000", "9999")
        return (merged or Profile.empty(self.references.of(series))).to_bytes()


def measure(load: Load, faults: Faults) -> dict[str, Any]:
    """Run one scenario from empty tables."""
    dynamodb_transactions.install()
    client.cache_clear()
    with mock_aws():
        storage.create(client("dynamodb"), client("s3"))
        series = storage.put_bundle(client("s3"), reference_profile(load.seed))
        sent = list(
            written_lines(
                load.predictions,
                environments=load.environments,
                rate=load.rate,
                bundle_sha256=series.bundle_sha256,
                seed=load.seed,
            )
        )
        return _run(Ingestion(), series, sent, load, faults)


def _run(
    ingestion: Ingestion, series: Series, sent: list[Written], load: Load, faults: Faults
) -> dict[str, Any]:
    road = Road(faults)
    deliveries = road.carry(by_flush(sent, load.flush_seconds))
    with ThreadPoolExecutor(_INGESTERS) as ingesters:
        taken = list(ingesters.map(ingestion.take, deliveries))
    written = vars(ingestion.written).copy()
    now = int(time.time()) + _LATER_SECONDS
    report = report_losses(ingestion.table, MODEL, now=now)
    reported = {
        (environment, number)
        for environment, numbers in report.lost.items()
        for first, last in numbers.intervals
        for number in range(first, last + 1)
    }
    arrived = [line for line in sent if line.number not in road.dropped]
    reference = ingestion.references.of(series)
    expected = Profile.of(reference, [line.record for line in arrived]).to_bytes()
    exact = ingestion.profile(series) == expected
    recovered = sum(ingestion.capture.capture(event)["counted"] for event in _log(sent))
    everything = Profile.of(reference, [line.record for line in sent]).to_bytes()
    return {
        "sent": len(sent),
        "delivered": sum(len(delivery.lines) for delivery in deliveries),
        "counted": sum(counts["counted"] for counts in taken),
        "duplicated": sum(counts["repeated"] for counts in taken),
        "lost_injected": len(road.dropped),
        "lost_reported": len(reported),
        "falsely_reported": len(reported - road.dropped),
        "unseen_tail": len(road.dropped - reported),
        "profile_exact": exact,
        "recovered": recovered,
        "profile_exact_after_recovery": ingestion.profile(series) == everything,
        "records_per_delivery": round(len(arrived) / max(len(deliveries), 1), 1),
        **_per_prediction(written, len(arrived)),
        **_lateness(sent, deliveries),
    }


def _log(sent: Sequence[Written]) -> Iterator[dict[str, Any]]:
    """Yield all that the log holds, page by page, as a recovery delivers it."""
    for start in range(0, len(sent), _PAGE_LINES):
        yield pack_delivery(line.line for line in sent[start : start + _PAGE_LINES])


def _per_prediction(written: dict[str, int], n: int) -> dict[str, float]:
    return {
        "dynamodb_writes": round(written["items"] / n, 3),
        "dynamodb_write_units": round(written["write_units"] / n, 3),
        "dynamodb_bytes": round(written["item_bytes"] / n, 1),
        "s3_puts": round(written["objects"] / n, 3),
        "s3_bytes": round(written["object_bytes"] / n, 1),
        "cancelled_writes": written["cancelled"],
    }


def _lateness(sent: Sequence[Written], deliveries: Sequence[Delivery]) -> dict[str, float]:
    """Return how late features were, and how many predictions lacked some that training saw.

    The other subscriber of the same log has the same road. It knows an event once that arrives;
    the milliseconds in which it writes to DynamoDB are left out, moto's are not DynamoDB's.
    """
    known: dict[tuple[str, int], float] = {}
    for delivery in deliveries:
        for line in delivery.lines:
            known.setdefault(line.number, delivery.at)
    lateness = [known[line.number] - line.at for line in sent if line.number in known]
    p50, p95 = np.percentile(lateness, [50, 95])
    stale = _n_stale(sent, lambda line: known.get(line.number, float("inf")))
    return {
        "feature_lateness_p50_s": round(float(p50), 1),
        "feature_lateness_p95_s": round(float(p95), 1),
        "feature_lateness_max_s": round(max(lateness), 1),
        "predictions_lacking_an_event": round(stale / len(sent), 4),
    }


def _n_stale(sent: Sequence[Written], known_at: Callable[[Written], float]) -> int:
    """Count predictions before which an event of their user, old enough to count, was unknown."""
    events: dict[str, list[Written]] = {}
    n_stale = 0
    for line in sent:
        own = events.setdefault(line.record["features"]["user_id"], [])
        visible = (each for each in own if each.at <= line.at - EVENT_LAG_SECONDS)
        n_stale += any(known_at(each) > line.at for each in visible)
        own.append(line)
    return n_stale
