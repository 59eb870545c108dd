import json
import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from mlops_platform.aws.clients import client
from mlops_platform.errors import BundleIntegrityError, CaptureConflictError
from mlops_platform.monitoring import capture as capture_module
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.environment_log import SETTLING_SECONDS
from mlops_platform.monitoring.losses import report_losses
from tests.unit.monitoring.small_platform import (
    BUCKET,
    BUNDLES,
    MODEL,
    NOON,
    SmallPlatform,
    create_storage,
    delivery,
    expected,
    put_bundle,
    some_records,
)
from tests.unit.profiles.small_reference import small_reference
from tests.unit.registry.fuse import Fuse, FusedClient, Killed

LATER = NOON + 2 * SETTLING_SECONDS
# Before and after each call: the bundle's two files, environments, series, the transaction, and
# for each of two hours the log object and the profile's body.
N_TICKS = 18


def test_every_prediction_counts_once(platform: SmallPlatform, series: Series) -> None:
    records = some_records(series, 60)

    first = platform.capture.capture(delivery(records[:40]))
    again = platform.capture.capture(delivery(records[:40]))
    rest = platform.capture.capture(delivery([*records[30:], *records[50:]]))

    assert first == {"records": 40, "counted": 40, "repeated": 0, "unreadable": 0}
    assert again == {"records": 40, "counted": 0, "repeated": 40, "unreadable": 0}
    assert rest == {"records": 40, "counted": 20, "repeated": 20, "unreadable": 0}
    assert platform.merged(series).to_bytes() == expected(records)
    report = report_losses(platform.table, MODEL, now=LATER)
    assert (report.counted, report.repeated, report.n_lost, report.pending) == (60, 60, 0, 0)


def test_predictions_count_in_the_hour_in_which_they_happened(
    platform: SmallPlatform, series: Series
) -> None:
    records = some_records(series, 30, span_seconds=3 * 3_600)
    platform.capture.capture(delivery(records))

    for hour in range(12, 15):
        own = [r for r in records if r["occurred_at"].startswith(f"2026-03-02T{hour}")]
        merged = platform.profiles.merged(series, f"2026-03-02T{hour}", f"2026-03-02T{hour + 1}")
        assert own
        assert merged is not None
        assert merged.to_bytes() == expected(own)


def test_every_counted_record_is_found_by_its_id(platform: SmallPlatform, series: Series) -> None:
    records = some_records(series, 50)
    for start in range(0, 50, 7):
        platform.capture.capture(delivery(records[start : start + 7]))

    found = platform.log.find(record["prediction_id"] for record in records)

    assert [found[record["prediction_id"]].record for record in records] == records


def test_bundles_are_counted_apart(platform: SmallPlatform) -> None:
    one, other = (put_bundle(platform.log.s3, seed=seed) for seed in (0, 1))
    mine, theirs = some_records(one, 20), some_records(other, 20, seed=1)
    platform.capture.capture(delivery([*mine, *theirs]))

    assert platform.merged(one).to_bytes() == expected(mine)
    assert platform.merged(other).to_bytes() == expected(theirs, small_reference(1))
    assert set(platform.profiles.index.series_of(MODEL)) == {one, other}


def test_a_delivery_that_touches_more_than_a_transaction_holds_is_counted_whole(
    platform: SmallPlatform, series: Series
) -> None:
    records = some_records(series, 300, environments=120, span_seconds=200 * 3_600)

    assert platform.capture.capture(delivery(records))["counted"] == 300
    assert platform.merged(series).to_bytes() == expected(records)


@pytest.mark.parametrize(
    "change",
    [
        {"prediction_id": "p1"},
        {"prediction_id": None},
        {"model_name": "another"},
        {"environment_id": "a#b"},
        {"environment_id": 7},
        {"sequence": 0},
        {"sequence": True},
        {"sequence": "1"},
        {"bundle_sha256": "short"},
        {"occurred_at": "yesterday"},
        {"inputs": [1.0]},
        {"inputs": ["1", "2"]},
        {"inputs": None},
        {"output": {"score": 1}},
        {"output": None},
        {"compute_ms": None},
        {"degraded": None},
    ],
)
def test_a_record_that_serving_never_wrote_is_shown_and_holds_up_nobody(
    platform: SmallPlatform,
    series: Series,
    caplog: pytest.LogCaptureFixture,
    change: dict[str, Any],
) -> None:
    good, bad = some_records(series, 2, environments=1)
    counts = platform.capture.capture(delivery([bad | change, "{", good]))

    assert (counts["counted"], counts["unreadable"]) == (1, 2)
    assert "unreadable prediction record" in caplog.text
    assert platform.merged(series).to_bytes() == expected([good])


def test_a_bundle_without_its_reference_profile_waits_for_it(
    platform: SmallPlatform, series: Series
) -> None:
    keys = [entry["Key"] for entry in platform.log.s3.list_objects_v2(Bucket=BUNDLES)["Contents"]]
    kept = {key: platform.log.s3.get_object(Bucket=BUNDLES, Key=key)["Body"].read() for key in keys}
    event = delivery(some_records(series, 3))
    for key in keys:
        platform.log.s3.delete_object(Bucket=BUNDLES, Key=key)
        with pytest.raises(BundleIntegrityError, match="redrive"):
            platform.capture.capture(event)
        platform.log.s3.put_object(Bucket=BUNDLES, Key=key, Body=kept[key])

    assert platform.capture.capture(event)["counted"] == 3


def test_a_reference_profile_that_the_manifest_does_not_name_is_not_used(
    platform: SmallPlatform, series: Series
) -> None:
    manifest, profile = (
        entry["Key"] for entry in platform.log.s3.list_objects_v2(Bucket=BUNDLES)["Contents"]
    )
    platform.log.s3.put_object(Bucket=BUNDLES, Key=profile, Body=small_reference(1).to_bytes())
    with pytest.raises(BundleIntegrityError, match="not the file"):
        platform.capture.capture(delivery(some_records(series, 1)))

    body = json.loads(platform.log.s3.get_object(Bucket=BUNDLES, Key=manifest)["Body"].read())
    changed = json.dumps(body | {"threshold": 0.9})
    platform.log.s3.put_object(Bucket=BUNDLES, Key=manifest, Body=changed)
    with pytest.raises(BundleIntegrityError, match="another hash"):
        platform.capture.capture(delivery(some_records(series, 1)))


def test_a_delivery_takes_as_many_calls_as_the_crash_test_kills(
    platform: SmallPlatform, series: Series
) -> None:
    fuse = Fuse()
    fused = SmallPlatform(
        FusedClient(platform.table.dynamodb, fuse), FusedClient(platform.log.s3, fuse)
    )
    fused.capture.capture(delivery(some_records(series, 15)))

    assert fuse.ticks == N_TICKS


@pytest.mark.parametrize("blows_at", range(1, N_TICKS + 1))
def test_who_dies_at_any_call_counts_all_or_nothing_and_the_repetition_the_rest(
    platform: SmallPlatform, series: Series, blows_at: int
) -> None:
    records = some_records(series, 20)
    fuse = Fuse()
    fused = SmallPlatform(
        FusedClient(platform.table.dynamodb, fuse), FusedClient(platform.log.s3, fuse)
    )
    fuse.arm(blows_at)
    with pytest.raises(Killed):
        fused.capture.capture(delivery(records[:15]))

    left = platform.merged(series).to_bytes()
    assert left in {expected([]), expected(records[:15])}

    # What comes again is batched otherwise, by a process that knows nothing of the first.
    platform.capture.capture(delivery(records[5:]))
    platform.capture.capture(delivery(records[:5]))

    assert platform.merged(series).to_bytes() == expected(records)
    found = platform.log.find(record["prediction_id"] for record in records)
    assert len(found) == 20


def test_of_concurrent_deliveries_each_prediction_counts_once(
    platform: SmallPlatform, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture_module, "MAX_ATTEMPTS", 100)
    records = some_records(series, 60)
    chance = Random(3)  # noqa: S311 - repeatable on purpose
    batches = [chance.sample(records, 25) for _ in range(12)]
    start = threading.Barrier(4)

    def ingest(number: int) -> int:
        start.wait()
        mine = batches[number::4]
        return sum(platform.capture.capture(delivery(batch))["counted"] for batch in mine)

    with ThreadPoolExecutor(4) as threads:
        counted = sum(threads.map(ingest, range(4)))

    delivered = {r["prediction_id"] for batch in batches for r in batch}
    assert counted == len(delivered)
    own = [record for record in records if record["prediction_id"] in delivered]
    assert platform.merged(series).to_bytes() == expected(own)


def test_who_always_meets_faster_writers_says_so(
    platform: SmallPlatform, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture_module, "pause", lambda _: None)
    monkeypatch.setattr(type(platform.table), "write", lambda *_: False)

    with pytest.raises(CaptureConflictError, match="deliver them again"):
        platform.capture.capture(delivery(some_records(series, 3)))


def test_exactly_the_dropped_numbers_are_lost_once_they_have_had_their_time(
    platform: SmallPlatform, series: Series
) -> None:
    records = some_records(series, 40, environments=1)
    dropped = {4, 5, 6, 17}
    kept = [record for record in records if record["sequence"] not in dropped]
    platform.capture.capture(delivery(kept))

    soon = report_losses(platform.table, MODEL, now=NOON + 1)
    later = report_losses(platform.table, MODEL, now=LATER)

    assert (soon.n_lost, soon.pending) == (0, 4)
    assert later.to_dict() == {
        "environments": 1,
        "counted": 36,
        "repeated": 0,
        "pending": 0,
        "lost": 4,
        "lost_numbers": {"e0-0": [(4, 6), (17, 17)]},
    }
    platform.capture.capture(delivery(records))
    assert report_losses(platform.table, MODEL, now=LATER).n_lost == 0


def test_what_is_missing_from_an_environment_that_goes_on_is_lost_after_the_same_time(
    platform: SmallPlatform, series: Series
) -> None:
    records = some_records(series, 40, environments=1)
    for number, record in enumerate(records):
        platform.clock.now = NOON + number * SETTLING_SECONDS // 10
        if record["sequence"] not in {5, 35}:
            platform.capture.capture(delivery([record]))

    report = report_losses(platform.table, MODEL, now=int(platform.clock.now))

    assert report.lost["e0-0"].intervals == ((5, 5),)
    assert report.pending == 1


def test_the_tail_of_an_environment_that_never_speaks_again_leaves_no_gap(
    platform: SmallPlatform, series: Series
) -> None:
    records = some_records(series, 10, environments=1)
    platform.capture.capture(delivery(records[:7]))

    assert report_losses(platform.table, MODEL, now=LATER).n_lost == 0


def test_environments_not_heard_of_for_long_are_left_out_on_demand(
    platform: SmallPlatform, series: Series
) -> None:
    platform.capture.capture(delivery(some_records(series, 5)))

    assert report_losses(platform.table, MODEL, now=LATER, since=NOON + 1).environments == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(data=st.data())
@pytest.mark.usefixtures("credentials")
def test_batches_repetitions_and_order_make_no_difference(data: st.DataObject) -> None:
    order = data.draw(st.permutations([*range(25), *data.draw(st.lists(st.integers(0, 24)))]))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(order) - 1), max_size=6)))
    bounds = zip([0, *cuts], [*cuts, len(order)], strict=True)
    client.cache_clear()
    with mock_aws():
        create_storage(client("dynamodb"), client("s3"))
        platform = SmallPlatform(client("dynamodb"), client("s3"))
        series = put_bundle(client("s3"))
        records = some_records(series, 25, environments=3)

        counts = [
            platform.capture.capture(delivery(records[index] for index in order[start:end]))
            for start, end in bounds
        ]

        assert sum(count["counted"] for count in counts) == 25
        assert platform.merged(series).to_bytes() == expected(records)
        assert len(platform.log.find(record["prediction_id"] for record in records)) == 25


def test_what_nothing_names_is_what_a_dead_process_left(
    platform: SmallPlatform, series: Series
) -> None:
    fuse = Fuse()
    fused = SmallPlatform(FusedClient(platform.table.dynamodb, fuse), platform.log.s3)
    fuse.arm(5)
    with pytest.raises(Killed):
        fused.capture.capture(delivery(some_records(series, 5, span_seconds=60)))

    stored = platform.log.s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert {entry["Key"].partition("/")[0] for entry in stored} == {"predictions", "profiles"}
    assert list(platform.profiles.index.entries(series)) == []
