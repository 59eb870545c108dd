"""A drift is one verdict and one incident, wherever the watch is killed."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from mlops_platform.aws.clients import client
from mlops_platform.monitoring.drift_verdicts import DriftVerdicts
from mlops_platform.monitoring.incident import DRIFT, Incident
from mlops_platform.monitoring.monitoring_table import MonitoringTable
from mlops_platform.sdk.discovery import discover
from tests.e2e.faults import (
    Hunter,
    eventually,
    log_lines,
    n_killed,
    n_refused,
    paused,
    throttled,
)
from tests.e2e.listening import Listener, listening
from tests.e2e.platform import MODEL, Platform
from tests.e2e.transactions import Sent, send_batch

_WATCH = "DetectDrift"
_INCIDENTS = f"incident#{MODEL}#{DRIFT}"
# Days of the world which no other test uses.
_FIRST_DAY = 200
_A_DAY_HOURS, _AN_HOUR = 24, 14


@pytest.fixture(autouse=True, scope="module")
def no_compaction(platform: Platform) -> Iterator[None]:
    """By the real clock these days are so old that the next compaction forgets their hours."""
    with paused(platform, "CompactProfiles"):
        yield


@pytest.fixture(scope="module")
def after_two_faulty_days(platform: Platform) -> datetime:
    """The moment of the watch after two whole days with amounts a hundred times too large."""
    draw = random.Random(7)  # noqa: S311 (test data)
    first = platform.moment(_FIRST_DAY)
    transactions = [
        Sent(
            transaction_id=f"drift-{hour}-{number}",
            user_id=f"drift-user-{draw.randrange(60)}",
            merchant_id=f"drift-shop-{draw.randrange(20)}",
            timestamp=int((first + timedelta(hours=hour, minutes=4 * number)).timestamp()),
            amount_minor=100 * draw.randrange(500, 10_000),
        )
        for hour in range(2 * _A_DAY_HOURS)
        for number in range(_AN_HOUR)
    ]
    send_batch(platform, transactions)
    assert platform.admin("POST", "/subscriptions/drain")["drained"] is True
    return platform.moment(_FIRST_DAY + 2) + timedelta(minutes=40)


class Watch:
    """The hourly watch over drift at one moment, and what it left."""

    def __init__(self, platform: Platform, now: datetime, listener: Listener) -> None:
        self._platform, self._now, self._listener = platform, now, listener
        self.table = MonitoringTable(
            client("dynamodb"), discover(platform.config, "monitoring_table")
        )

    def fire(self) -> None:
        """Let the schedule start it."""
        due = {"rule": "HourlyDrift", "at": self._now.isoformat()}
        assert len(self._platform.admin("POST", "/schedules/fire", due)["fired"]) == 1

    def incidents(self) -> list[Incident]:
        """Return all incidents, open or closed."""
        return [Incident.from_item(item) for item in self.table.query(_INCIDENTS)]

    def is_told(self) -> bool:
        return any(incident.told_at for incident in self.incidents())

    def days_judged(self) -> list[str]:
        """Return the days with a verdict that pages."""
        verdicts = DriftVerdicts(self.table).since(MODEL, self._now.date() - timedelta(days=2))
        return [verdict["day"] for verdict in verdicts if verdict["page"]]

    def told(self) -> list[str]:
        """Return the incidents that were told since the last call."""
        return [detail["incident_id"] for detail in self._listener.heard()]

    def forget(self) -> None:
        """Remove every verdict and incident."""
        for partition in (_INCIDENTS, f"drift#{MODEL}"):
            for item in list(self.table.query(partition)):
                key = {name: item[name] for name in ("partition", "place")}
                self.table.dynamodb.delete_item(TableName=self.table.name, Key=key)

    def n_judged(self) -> int:
        """Return how often it has come to its end."""
        return sum('"drift judged"' in line for line in log_lines(self._platform, _WATCH))


@pytest.fixture
def watch(platform: Platform, after_two_faulty_days: datetime) -> Iterator[Watch]:
    """The watch after the faulty days, which knows of no incident; afterwards none is known."""
    with listening(platform, "Drift Detected") as listener:
        watch = Watch(platform, after_two_faulty_days, listener)
        watch.forget()
        yield watch
        watch.forget()


def kill_as_it_starts(platform: Platform, watch: Watch) -> None:
    with Hunter(platform, _WATCH) as hunter:
        hunter.start()
        watch.fire()
        eventually(lambda: hunter.hits[_WATCH], "an environment of the watch")


def kill_after(n_writes: int) -> Callable[[Platform, Watch], None]:
    """Kill the watch when it has written so often, while its next write is refused."""

    def kill(platform: Platform, watch: Watch) -> None:
        n_killed_before = n_killed(platform, _WATCH)
        with throttled(platform, "monitoring_table", skip=n_writes):
            watch.fire()
            eventually(lambda: n_refused(platform), "a write of the watch")
            assert platform.kill_function(_WATCH)
            # A write that is on its way when its writer dies must be refused as well.
            eventually(lambda: n_killed(platform, _WATCH) > n_killed_before, "its death")

    return kill


# It writes the verdict, then the incident, then that the incident was told.
@pytest.mark.parametrize(
    ("kill", "n_told"),
    [
        pytest.param(kill_as_it_starts, 1, id="as it starts"),
        pytest.param(kill_after(0), 1, id="before the verdict"),
        pytest.param(kill_after(1), 1, id="before the incident"),
        # Told and not remembered: it is told again, and by its id each channel knows it.
        pytest.param(kill_after(2), 2, id="before it remembers what it told"),
    ],
)
def test_a_killed_watch_is_retried_and_leaves_one_verdict_and_one_incident(
    platform: Platform, watch: Watch, kill: Callable[[Platform, Watch], None], n_told: int
) -> None:
    n_killed_before, n_judged_before = n_killed(platform, _WATCH), watch.n_judged()

    kill(platform, watch)
    # Its last words come after all that it does: what was told before them is not the end of it.
    eventually(lambda: watch.n_judged() == n_judged_before + 1, "the end of the watch's retry")
    assert watch.is_told()
    watch.fire()
    eventually(lambda: watch.n_judged() == n_judged_before + 2, "the end of the second watch")

    assert n_killed(platform, _WATCH) == n_killed_before + 1
    assert watch.days_judged() == [f"{platform.moment(_FIRST_DAY + 1):%Y-%m-%d}"]
    (incident,) = watch.incidents()
    assert watch.told() == n_told * [incident.incident_id]
