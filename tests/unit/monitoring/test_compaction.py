from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mlops_platform.errors import CaptureConflictError
from mlops_platform.monitoring import compaction as compaction_module
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.compaction import Compaction
from mlops_platform.monitoring.profile_index import ProfileIndex
from tests.unit.monitoring.small_platform import (
    BUCKET,
    NOON,
    Record,
    SmallPlatform,
    delivery,
    expected,
    some_records,
)
from tests.unit.registry.fuse import Fuse, FusedClient, Killed

START = datetime.fromtimestamp(NOON, UTC)
HOURS = 6


@pytest.fixture
def records(platform: SmallPlatform, series: Series) -> list[Record]:
    """Six hours of predictions in deliveries of four."""
    rows = some_records(series, 60, span_seconds=HOURS * 3_600)
    for start in range(0, 60, 4):
        platform.capture.capture(delivery(rows[start : start + 4]))
    return rows


def periods(platform: SmallPlatform, series: Series) -> list[str]:
    return [entry.period for entry in platform.profiles.index.entries(series)]


def bodies(platform: SmallPlatform) -> set[str]:
    listed = platform.log.s3.list_objects_v2(Bucket=BUCKET, Prefix="profiles/")
    return {entry["Key"] for entry in listed["Contents"]}


def test_past_hours_become_one_profile_each_and_count_the_same(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    n_before = len(periods(platform, series))
    n_entries = Compaction(platform.profiles).compact(series, START + timedelta(hours=4))

    past = [f"2026-03-02T{hour}" for hour in range(12, 16)]
    left = periods(platform, series)
    assert [period for period in left if period in past] == past
    assert n_entries == (n_before, len(left))
    assert len(left) > HOURS
    assert platform.merged(series).to_bytes() == expected(records)
    hour = platform.profiles.merged(series, "2026-03-02T13", "2026-03-02T14")
    own = [r for r in records if r["occurred_at"].startswith("2026-03-02T13")]
    assert hour is not None
    assert hour.to_bytes() == expected(own)


def test_past_days_become_one_profile_each(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    compaction = Compaction(platform.profiles)
    compaction.compact(series, START + timedelta(hours=9))
    n_entries = compaction.compact(series, START + timedelta(days=4))

    assert n_entries == (HOURS, 1)
    assert periods(platform, series) == ["2026-03-02"]
    assert platform.merged(series).to_bytes() == expected(records)
    assert bodies(platform) == {e.body_key for e in platform.profiles.index.entries(series)}
    days = platform.profiles.by_day(series, date(2026, 3, 1), date(2026, 3, 4))
    assert {day: p.to_bytes() for day, p in days.items()} == {date(2026, 3, 2): expected(records)}


def test_a_second_compaction_changes_nothing(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    compaction = Compaction(platform.profiles)
    compaction.compact(series, START + timedelta(days=4))
    left = list(platform.profiles.index.entries(series))

    assert compaction.compact(series, START + timedelta(days=5)) == (1, 1)
    assert list(platform.profiles.index.entries(series)) == left
    assert platform.merged(series).n == len(records)


def test_what_comes_late_for_a_compacted_day_joins_it(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    compaction = Compaction(platform.profiles)
    compaction.compact(series, START + timedelta(days=4))
    late = some_records(series, 10, seed=1)
    platform.capture.capture(delivery(late))
    compaction.compact(series, START + timedelta(days=4))

    assert periods(platform, series) == ["2026-03-02"]
    assert platform.merged(series).to_bytes() == expected([*records, *late])


def test_more_parts_than_a_transaction_holds_are_merged_in_steps(
    platform: SmallPlatform,
    series: Series,
    records: list[Record],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compaction_module, "_MAX_PARTS", 3)
    Compaction(platform.profiles).compact(series, START + timedelta(days=4))

    assert periods(platform, series) == ["2026-03-02"]
    assert platform.merged(series).to_bytes() == expected(records)


# Before and after each call: the query, two bodies, the merged one, the transaction, the deletion.
@pytest.mark.parametrize("blows_at", range(1, 13))
def test_who_dies_at_any_call_leaves_counts_as_they_were(
    platform: SmallPlatform, series: Series, blows_at: int
) -> None:
    records = some_records(series, 12, span_seconds=3_600)
    for start in range(0, 12, 6):
        platform.capture.capture(delivery(records[start : start + 6]))
    fuse = Fuse()
    fused = SmallPlatform(
        FusedClient(platform.table.dynamodb, fuse), FusedClient(platform.log.s3, fuse)
    )
    fuse.arm(blows_at)
    with pytest.raises(Killed):
        Compaction(fused.profiles).compact(series, START + timedelta(hours=3))

    assert platform.merged(series).to_bytes() == expected(records)
    Compaction(platform.profiles).compact(series, START + timedelta(hours=3))
    assert periods(platform, series) == ["2026-03-02T12"]
    assert platform.merged(series).to_bytes() == expected(records)


def test_of_concurrent_compactions_and_deliveries_nothing_is_lost_or_doubled(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    late = some_records(series, 20, seed=2)

    def compact(_: Any) -> Any:
        return Compaction(platform.profiles).compact(series, START + timedelta(days=4))

    def ingest(number: int) -> Any:
        return platform.capture.capture(delivery(late[number::4]))

    with ThreadPoolExecutor(4) as threads:
        runs = [threads.submit(compact, number) for number in range(3)]
        runs += [threads.submit(ingest, number) for number in range(4)]
        for run in runs:
            run.result()
    compact(0)

    assert periods(platform, series) == ["2026-03-02"]
    assert platform.merged(series).to_bytes() == expected([*records, *late])


def test_a_reader_sees_no_compaction_half_done(
    platform: SmallPlatform,
    series: Series,
    records: list[Record],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = ProfileIndex.entries
    moments = iter([START + timedelta(hours=4), START + timedelta(days=4)])

    def entries_then_compaction(self: ProfileIndex, *place: Any) -> Iterator[Any]:
        found = list(original(self, *place))
        moment = next(moments, None)
        if moment:
            with monkeypatch.context() as patch:
                patch.setattr(ProfileIndex, "entries", original)
                Compaction(platform.profiles).compact(series, moment)
        return iter(found)

    monkeypatch.setattr(ProfileIndex, "entries", entries_then_compaction)

    assert platform.merged(series).to_bytes() == expected(records)


def test_a_reader_that_never_finds_rest_says_so(
    platform: SmallPlatform, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.capture.capture(delivery(some_records(series, 2, span_seconds=60)))
    (entry,) = platform.profiles.index.entries(series)
    answers = iter([[entry], []] * 20)
    monkeypatch.setattr(ProfileIndex, "entries", lambda *_: iter(next(answers)))

    with pytest.raises(CaptureConflictError, match="being rewritten"):
        platform.merged(series)
