import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from mlops_platform.bundle.location import bundle_prefix
from mlops_platform.errors import EventNotTakenError
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.drift_verdicts import DriftVerdicts
from mlops_platform.monitoring.drift_watch import DriftWatch, Serving, ServingBundle
from mlops_platform.monitoring.incident import DRIFT, Incident, Incidents
from mlops_platform.monitoring.profile_store import MIN_HOURS
from mlops_platform.profiles.profile import Profile
from mlops_platform.profiles.reference import ReferenceProfile
from tests.unit.monitoring.small_platform import BUNDLES, MODEL, SmallPlatform, put_bundle
from tests.unit.registry.fuse import Fuse, FusedClient, Killed
from tests.unit.registry.refusing_client import RefusingClient

# 2025-01-06 and 28 days of it; the two days after them are watched.
FIRST = 20_094
N_A_DAY = 960
DAYS = (date(2025, 2, 3), date(2025, 2, 4))
NOW = datetime(2025, 2, 5, 0, 40, tzinfo=UTC)
WHOLE = range(24)


def drawn(seed: int, n: int, shift: float = 0.0) -> tuple[Any, Any]:
    random = np.random.default_rng(seed)
    rows = random.normal(shift, 1.0, (n, 2)).astype(np.float32)
    return rows, random.random(n).astype(np.float32)


def trained() -> ReferenceProfile:
    rows, scores = drawn(0, 28 * N_A_DAY)
    day = FIRST + np.repeat(np.arange(28), N_A_DAY)
    return ReferenceProfile.learn(("amount", "age"), rows, scores, day, score_name="risk")


REFERENCE = trained()


class Bus:
    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.refuses = False

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - boto3's
        if self.refuses:
            return {"FailedEntryCount": 1, "Entries": [{"ErrorMessage": "throttled"}]}
        self.entries += Entries
        return {"FailedEntryCount": 0, "Entries": [{}]}

    def details(self) -> list[dict[str, Any]]:
        return [json.loads(entry["Detail"]) for entry in self.entries]


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def bundle(platform: SmallPlatform) -> Series:
    return put_bundle(platform.log.s3, REFERENCE)


@pytest.fixture
def watch(platform: SmallPlatform, bus: Bus) -> DriftWatch:
    return watch_over(platform, bus)


def watch_over(platform: SmallPlatform, bus: Any) -> DriftWatch:
    return DriftWatch(
        profiles=platform.profiles, references=platform.references, events=bus, event_bus="bus"
    )


def serving(*series: Series, revision: int = 3) -> Serving:
    uris = [f"s3://{BUNDLES}/{bundle_prefix(*each)}" for each in series]
    return Serving(revision, [ServingBundle(uri, "1.0.0") for uri in uris])


def count(
    platform: SmallPlatform,
    series: Series,
    *,
    shift: float = 0.0,
    days: Sequence[date] = DAYS,
    hours: Sequence[int] = WHOLE,
) -> None:
    platform.profiles.index.register(series, "1.0.0")
    for day in days:
        for hour in hours:
            rows, scores = drawn(day.toordinal() * 24 + hour, N_A_DAY // 24, shift)
            empty = Profile.empty(REFERENCE)
            (bins,) = REFERENCE.count(rows, scores, np.zeros(len(rows), dtype=np.int64), 1)
            counted = {"bins": bins, "n": np.array([len(rows)])}
            profile = Profile(empty.bins_sha256, {**empty.counters, **counted})
            entry = platform.profiles.store(series, f"{day}T{hour:02}", "b", profile)
            assert platform.table.write([entry.put()])


def open_incident(platform: SmallPlatform) -> Incident | None:
    return Incidents(platform.table).current(MODEL, DRIFT)


def verdicts(platform: SmallPlatform) -> list[dict[str, Any]]:
    return DriftVerdicts(platform.table).since(MODEL, date(2025, 1, 1))


def test_a_quiet_world_opens_nothing(
    platform: SmallPlatform, bundle: Series, watch: DriftWatch, bus: Bus
) -> None:
    count(platform, bundle)

    answer = watch.watch(MODEL, serving(bundle), NOW)

    assert (answer["verdict"], answer["incident_id"]) == ("PASS", None)
    assert [(v["day"], v["page"]) for v in verdicts(platform)] == [("2025-02-04", False)]
    assert open_incident(platform) is None
    assert bus.entries == []


def test_a_drift_that_lasts_opens_one_incident_and_is_told_once_however_often_it_is_seen(
    platform: SmallPlatform, bundle: Series, watch: DriftWatch, bus: Bus
) -> None:
    count(platform, bundle, shift=0.5)
    count(platform, bundle, shift=0.5, days=[date(2025, 2, 5)])

    for hours in (0, 0, 1, 24):
        watch.watch(MODEL, serving(bundle), NOW + timedelta(hours=hours))

    (detail,) = bus.details()
    assert detail["incident_id"] == "fraud_detection-drift-2025-02-04-r3"
    assert (detail["model_name"], detail["day"]) == (MODEL, "2025-02-04")
    assert set(detail["named"]) == {"amount", "age"}
    # Cliff's delta of a shift by half a standard deviation is 0.28.
    assert detail["model_drift_score"] == pytest.approx(0.28, abs=0.08)
    scores = {"data": detail["model_drift_score"], "prediction": 0.0, "target": 0.0}
    assert detail["drift_scores"] == scores
    assert detail["semantic_version"] == "1.0.0"
    assert bus.entries[0]["DetailType"] == "Drift Detected"
    incident = open_incident(platform)
    assert incident is not None
    assert (incident.incident_id, incident.told_at) == (detail["incident_id"], NOW.isoformat())
    assert [v["day"] for v in verdicts(platform)] == ["2025-02-05", "2025-02-04"]


def test_who_dies_at_any_call_leaves_one_incident_that_the_next_watch_tells(
    platform: SmallPlatform, bundle: Series
) -> None:
    count(platform, bundle, shift=0.5)
    fuse, told_twice, n_calls = Fuse(), 0, 0
    while True:
        n_calls += 1
        forget(platform)
        bus = Bus()
        dynamodb = FusedClient(platform.table.dynamodb, fuse)
        table = replace(platform.table, dynamodb=dynamodb)
        watch = replace(
            watch_over(platform, FusedClient(bus, fuse)),
            profiles=replace(platform.profiles, table=table),
        )
        fuse.arm(n_calls)
        try:
            watch.watch(MODEL, serving(bundle), NOW)
        except Killed:
            fuse.disarm()
            watch.watch(MODEL, serving(bundle), NOW)
        else:
            break
        told_twice += len(bus.entries) - 1
        assert {d["incident_id"] for d in bus.details()} == {"fraud_detection-drift-2025-02-04-r3"}
        incident = open_incident(platform)
        assert incident is not None
        assert incident.told_at
        assert len(verdicts(platform)) == 1
    assert n_calls > 10
    # After the event was put, and before that was written: two moments.
    assert told_twice == 2


def test_a_throttled_table_takes_verdict_and_incident_in_a_while(
    platform: SmallPlatform, bundle: Series, bus: Bus
) -> None:
    count(platform, bundle, shift=0.5)
    dynamodb = RefusingClient(platform.table.dynamodb, "ThrottlingError", times=3)
    table = replace(platform.table, dynamodb=dynamodb)
    throttled = replace(watch_over(platform, bus), profiles=replace(platform.profiles, table=table))

    answer = throttled.watch(MODEL, serving(bundle), NOW)

    incident = open_incident(platform)
    assert incident is not None
    assert incident.told_at
    assert answer["incident_id"] == incident.incident_id
    assert [v["verdict"] for v in verdicts(platform)] == ["FAIL"]
    assert len(bus.entries) == 1


def forget(platform: SmallPlatform) -> None:
    for partition in (f"incident#{MODEL}#{DRIFT}", f"drift#{MODEL}"):
        for item in list(platform.table.query(partition)):
            key = {name: item[name] for name in ("partition", "place")}
            platform.table.dynamodb.delete_item(TableName=platform.table.name, Key=key)


@pytest.mark.parametrize(
    ("hours", "verdict"), [(range(2, 24), "FAIL"), (range(3, 24), "INCONCLUSIVE")]
)
def test_a_day_that_lacks_hours_is_left_out(
    platform: SmallPlatform, bundle: Series, watch: DriftWatch, hours: range, verdict: str
) -> None:
    assert MIN_HOURS == 22
    count(platform, bundle, shift=0.5, days=DAYS[1:], hours=hours)

    answer = watch.watch(MODEL, serving(bundle), NOW)

    assert (answer["verdict"], answer["page"]) == (verdict, False)


def test_a_day_before_that_lacks_hours_proves_no_persistence(
    platform: SmallPlatform, bundle: Series, watch: DriftWatch, bus: Bus
) -> None:
    count(platform, bundle, shift=0.5, days=DAYS[:1], hours=range(12, 24))
    count(platform, bundle, shift=0.5, days=DAYS[1:])

    answer = watch.watch(MODEL, serving(bundle), NOW)

    assert (answer["verdict"], answer["page"], bus.entries) == ("FAIL", False, [])


def test_the_day_that_goes_on_is_not_judged(
    platform: SmallPlatform, bundle: Series, watch: DriftWatch
) -> None:
    count(platform, bundle, shift=0.5)

    answer = watch.watch(MODEL, serving(bundle), NOW - timedelta(hours=1))

    # One day has drifted; the other has 23 of its hours, but is not over.
    assert (answer["day"], answer["page"]) == ("2025-02-03", False)


def test_a_quiet_day_closes_nothing_and_another_bundle_does(
    platform: SmallPlatform, bundle: Series, watch: DriftWatch, bus: Bus
) -> None:
    count(platform, bundle, shift=0.5)
    count(platform, bundle, days=[date(2025, 2, 5)])
    watch.watch(MODEL, serving(bundle), NOW)

    quiet = watch.watch(MODEL, serving(bundle), NOW + timedelta(days=1))
    after_quiet = open_incident(platform)
    other = Series(MODEL, "f" * 64)
    released = watch.watch(MODEL, serving(other, revision=4), NOW + timedelta(days=1))

    assert quiet["verdict"] == "PASS"
    assert after_quiet is not None
    assert quiet["incident_id"] == after_quiet.incident_id
    assert (released["verdict"], released["incident_id"]) == ("INCONCLUSIVE", None)
    assert len(bus.entries) == 1
    # What could not be decided replaces no verdict.
    assert verdicts(platform)[0]["verdict"] == "PASS"


def test_the_next_bundle_s_drift_is_an_incident_of_its_own(
    platform: SmallPlatform, bundle: Series, watch: DriftWatch, bus: Bus
) -> None:
    count(platform, bundle, shift=0.5)
    for revision, series in ((3, bundle), (4, Series(MODEL, "f" * 64)), (5, bundle)):
        watch.watch(MODEL, serving(series, revision=revision), NOW)

    assert [d["incident_id"][-2:] for d in bus.details()] == ["r3", "r5"]


def test_what_the_bus_refused_is_told_by_the_next_watch(
    platform: SmallPlatform, bundle: Series, watch: DriftWatch, bus: Bus
) -> None:
    count(platform, bundle, shift=0.5)
    bus.refuses = True
    with pytest.raises(EventNotTakenError, match="throttled"):
        watch.watch(MODEL, serving(bundle), NOW)
    bus.refuses = False

    watch.watch(MODEL, serving(bundle), NOW + timedelta(hours=1))

    assert len(bus.entries) == 1


def test_of_two_bundles_that_serve_the_one_that_drifted_counts(
    platform: SmallPlatform, bundle: Series, watch: DriftWatch
) -> None:
    count(platform, bundle, shift=0.5)

    answer = watch.watch(MODEL, serving(Series(MODEL, "f" * 64), bundle), NOW)

    assert answer["page"]
    assert answer["incident_id"] is not None
