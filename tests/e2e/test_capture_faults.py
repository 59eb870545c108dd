"""Every prediction counts once: ingestion killed in mid-batch, batches again, tables throttled."""

import concurrent.futures
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pytest

from mlops_platform.aws.clients import client
from mlops_platform.monitoring.monitoring_table import MonitoringTable
from mlops_platform.monitoring.prediction_log import PredictionLog
from mlops_platform.monitoring.profile_index import ProfileIndex
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.metrics_collector import MetricsCollector
from mlops_platform.sdk.recovery import SUBSCRIBERS, redrive
from tests.e2e.faults import eventually, n_killed, n_refused, throttled
from tests.e2e.platform import MODEL, Platform
from tests.e2e.transactions import (
    expected_states,
    make_transactions,
    send_batch,
    stored_states,
)

# A day of the world, after the last one that the model was trained on.
FIRST_DAY = 100
_INGESTION = "IngestPredictions"


class Totals(NamedTuple):
    """Predictions whose numbers are counted, that profiles hold, that are missing, or are dead."""

    counted: int
    profiled: int
    missing: int = 0
    dead: int = 0


class Counted:
    """What the platform has counted of a model's predictions."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._collector = MetricsCollector(platform.config)
        self._table = MonitoringTable(
            client("dynamodb"), discover(platform.config, "monitoring_table")
        )
        self._bucket = discover(platform.config, "monitoring_bucket")
        self._before = self._totals()

    def since(self) -> Totals:
        """Return how much there is more of each than at first."""
        pairs = zip(self._totals(), self._before, strict=True)
        return Totals(*(now - before for now, before in pairs))

    def in_log(self, prediction_ids: Sequence[str]) -> int:
        """Return how many of some predictions the log finds by their ids."""
        log = PredictionLog(s3=client("s3"), bucket=self._bucket, table=self._table)
        return len(log.find(prediction_ids))

    def n_objects(self) -> int:
        """Return how many objects lie in the log, whether they count or not."""
        pages = (
            client("s3")
            .get_paginator("list_objects_v2")
            .paginate(Bucket=self._bucket, Prefix=f"predictions/model={MODEL}/")
        )
        return sum(page["KeyCount"] for page in pages)

    def _totals(self) -> Totals:
        report = self._collector.report_losses(MODEL)
        index = ProfileIndex(self._table)
        entries = (each for series in index.series_of(MODEL) for each in index.entries(series))
        return Totals(
            counted=report.counted,
            profiled=sum(entry.n for entry in entries),
            missing=report.n_lost + report.pending,
            dead=self._platform.admin("GET", "/subscription-faults")["records_failed"],
        )


@pytest.fixture
def counted(platform: Platform) -> Iterator[Counted]:
    """What is counted from here on; the road from the log is sound again afterwards."""
    drain(platform)
    yield Counted(platform)
    platform.admin("POST", "/subscription-faults", {})


def drain(platform: Platform) -> dict[str, Any]:
    told: dict[str, Any] = platform.admin("POST", "/subscriptions/drain")
    assert told["drained"] is True
    return told


@pytest.fixture
def warm_ingestion(platform: Platform) -> None:
    """An environment of ingestion that knows the series, and next writes its transaction."""
    send_batch(platform, make_transactions("warming", platform.moment(FIRST_DAY), n=1))
    drain(platform)


@pytest.mark.usefixtures("warm_ingestion")
def test_a_batch_in_whose_middle_ingestion_is_killed_is_counted_once(
    platform: Platform, counted: Counted
) -> None:
    transactions = make_transactions("killed", platform.moment(FIRST_DAY))
    n_objects, n_killed_before = counted.n_objects(), n_killed(platform, _INGESTION)
    ids = send_batch(platform, transactions)

    with concurrent.futures.ThreadPoolExecutor(1) as aside:
        # The table refuses every write, so it is certain that the batch's objects are stored
        # (they come first) and that its transaction has not gone through when the kill comes;
        # until then ingestion tries it again, for seconds.
        with throttled(platform, "monitoring_table"):
            draining = aside.submit(drain, platform)
            eventually(lambda: n_refused(platform), "a write of ingestion")
            stored_by_the_killed = counted.n_objects() - n_objects
            assert platform.kill_function(_INGESTION)
            assert counted.since() == Totals(0, 0)
        draining.result()

    assert stored_by_the_killed >= 1
    assert n_killed(platform, _INGESTION) == n_killed_before + 1
    assert counted.since() == Totals(len(transactions), len(transactions))
    assert counted.in_log(ids) == len(ids) == len(transactions)


def test_a_batch_that_comes_again_is_counted_once(platform: Platform, counted: Counted) -> None:
    transactions = make_transactions("again", platform.moment(FIRST_DAY))
    platform.admin("POST", "/subscription-faults", {"duplicate": 1})
    before = MetricsCollector(platform.config).report_losses(MODEL)

    send_batch(platform, transactions)
    told = drain(platform)

    after = MetricsCollector(platform.config).report_losses(MODEL)
    assert told["batches_duplicated"] >= 1
    assert after.repeated - before.repeated == len(transactions)
    assert counted.since() == Totals(len(transactions), len(transactions))


def test_what_throttled_tables_refused_is_kept_and_counts_once_when_it_is_redriven(
    platform: Platform, counted: Counted
) -> None:
    transactions = make_transactions("throttled", platform.moment(FIRST_DAY))
    n = len(transactions)
    # A new environment fails at its first write already, which it tries for a shorter time.
    platform.kill_function(_INGESTION)

    with throttled(platform, "monitoring_table", "feature_table"):
        ids = send_batch(platform, transactions)
        drain(platform)
        kept, unknown = counted.since(), stored_states(platform, transactions)
    redriven = [redrive(platform.config, each) for each in SUBSCRIBERS]

    assert (kept, unknown) == (Totals(0, 0, dead=2 * n), {})
    assert [(each.delivered, each.failed) for each in redriven] == [(1, 0), (1, 0)]
    assert counted.since() == Totals(n, n, dead=2 * n)
    assert counted.in_log(ids) == n
    assert stored_states(platform, transactions) == expected_states(transactions)
