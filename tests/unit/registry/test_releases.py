import threading
from collections.abc import Callable
from typing import Any

import pytest

from mlops_platform.errors import (
    ChampionChangedError,
    ModelVersionNotFoundError,
    NoEarlierReleaseError,
)
from mlops_platform.registry.ledger import Ledger
from mlops_platform.registry.releases import Releases
from mlops_platform.registry.routing_table import champion_of
from mlops_platform.registry.withdrawal import withdraw
from tests.unit.registry.fuse import Fuse, FusedClient, Killed
from tests.unit.registry.manifests import asked, registered
from tests.unit.registry.tables import OneAtATime, ledger_in

MODEL = "fraud_detection"
FIRST, SECOND, THIRD = (registered(number) for number in (1, 2, 3))


@pytest.fixture
def releases(ledger: Ledger) -> Releases:
    return with_versions(Releases(ledger, MODEL))


def with_versions(releases: Releases) -> Releases:
    for version in (FIRST, SECOND, THIRD):
        releases.register(version, asked(f"register {version.version}"))
    return releases


def serving(releases: Releases) -> str | None:
    """Return what serves by both witnesses, which must agree."""
    entries = releases.ledger.verify(MODEL)
    routing = releases.ledger.routing_table.read(MODEL)
    assert entries[-1].routing == routing
    return None if routing is None else champion_of(routing).version


def transitions(releases: Releases) -> list[str]:
    """Return what happened after the three registrations."""
    return [str(entry.transition) for entry in releases.ledger.verify(MODEL)[3:]]


def test_a_version_is_entered_once_however_often_it_is_registered(releases: Releases) -> None:
    first = releases.register(FIRST, asked("again"))

    assert first.sequence == 1
    assert transitions(releases) == []


def test_a_version_is_found_by_number_and_by_meaning(releases: Releases) -> None:
    assert releases.find("2") == releases.find("1.0.1") == SECOND
    with pytest.raises(ModelVersionNotFoundError, match=r"Registered versions: 1 \(1\.0\.0\), 2"):
        releases.find("7")


def test_a_release_changes_the_routing_and_names_what_it_replaced(releases: Releases) -> None:
    releases.release(FIRST, asked("one"))

    entry = releases.release(SECOND, asked("two"))

    assert entry.serving.variants == (SECOND.variant(),)
    assert entry.cause.evidence == {
        "accuracy": 0.99,
        "replaced": {"version": "1", "semantic_version": "1.0.0", "revision": 4},
    }
    assert serving(releases) == "2"


def test_a_repeated_release_changes_nothing(releases: Releases) -> None:
    entry = releases.release(FIRST, asked("one"), expected_revision=0)

    again = releases.release(FIRST, asked("one"), expected_revision=0)

    assert again == entry
    assert transitions(releases) == ["released"]


def test_a_retry_does_not_undo_what_a_person_did_since(releases: Releases) -> None:
    revision = releases.release(FIRST, asked("one")).serving.revision
    releases.release(SECOND, asked("two"), expected_revision=revision)
    # The answer is lost; before the retry somebody brings the first version back.
    releases.roll_back(asked("three"))

    with pytest.raises(ChampionChangedError, match="after revision 4"):
        releases.release(SECOND, asked("two"), expected_revision=revision)

    assert serving(releases) == "1"


def test_what_changes_no_routing_does_not_expire_a_decision(releases: Releases) -> None:
    revision = releases.release(FIRST, asked("one")).serving.revision
    releases.stage(THIRD, asked("two"))
    releases.reject(None, asked("three"))

    releases.release(SECOND, asked("four"), expected_revision=revision)

    assert serving(releases) == "2"


def test_of_releases_at_once_exactly_one_wins(dynamodb: Any) -> None:
    releases = with_versions(Releases(ledger_in(OneAtATime(dynamodb)), MODEL))
    start = threading.Barrier(3)
    won: list[str] = []
    lost: list[str] = []

    def release(version: Any) -> None:
        start.wait()
        try:
            releases.release(version, asked(f"release {version.version}"), expected_revision=0)
        except ChampionChangedError:
            lost.append(version.version)
        else:
            won.append(version.version)

    threads = [
        threading.Thread(target=release, args=(version,)) for version in (FIRST, SECOND, THIRD)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), len(lost)) == (1, 2)
    assert [serving(releases)] == won


def test_a_version_waits_in_staging_until_it_serves(releases: Releases) -> None:
    releases.release(FIRST, asked("one"))

    staged = releases.stage(SECOND, asked("two"))
    again = releases.stage(SECOND, asked("three"))
    released = releases.release(SECOND, asked("four"))

    assert again == staged
    assert (staged.staging, released.staging) == ("2", None)


def test_what_serves_is_not_staged(releases: Releases) -> None:
    released = releases.release(FIRST, asked("one"))

    assert releases.stage(FIRST, asked("two")) == released


def test_back_and_forward_again(releases: Releases) -> None:
    releases.release(FIRST, asked("one"))
    releases.release(SECOND, asked("two"))

    back = releases.roll_back(asked("three", why="too many alarms"))
    assert serving(releases) == "1"
    forward = releases.roll_back(asked("four"), to="1.0.1")

    assert serving(releases) == "2"
    assert (back.cause.why, back.subject) == ("too many alarms", FIRST)
    assert forward.serving.revision > back.serving.revision
    assert transitions(releases) == ["released", "released", "rolled_back", "rolled_back"]


def test_rolling_back_twice_goes_further_back_and_never_forward(releases: Releases) -> None:
    for version in (FIRST, SECOND, THIRD):
        releases.release(version, asked(f"release {version.version}"))

    served = []
    for number in range(2):
        releases.roll_back(asked(f"back {number}"))
        served.append(serving(releases))

    assert served == ["2", "1"]
    with pytest.raises(NoEarlierReleaseError, match="Promote a version instead"):
        releases.roll_back(asked("back 3"))


def test_after_going_forward_a_rollback_goes_back_again(releases: Releases) -> None:
    for version in (FIRST, SECOND):
        releases.release(version, asked(f"release {version.version}"))
    releases.roll_back(asked("back"))
    releases.release(SECOND, asked("forward"))

    releases.roll_back(asked("back again"))

    assert serving(releases) == "1"


def test_a_rollback_that_is_repeated_with_what_was_seen_goes_back_once(releases: Releases) -> None:
    for version in (FIRST, SECOND, THIRD):
        seen = releases.release(version, asked(f"release {version.version}")).serving.revision
    releases.roll_back(asked("back"), expected_revision=seen)

    with pytest.raises(ChampionChangedError):
        releases.roll_back(asked("back again"), expected_revision=seen)

    assert serving(releases) == "2"


def test_without_a_release_there_is_nothing_to_roll_back(ledger: Ledger) -> None:
    with pytest.raises(NoEarlierReleaseError):
        Releases(ledger, MODEL).roll_back(asked("back"))


def test_a_version_that_never_served_is_none_to_roll_back_to(releases: Releases) -> None:
    releases.release(FIRST, asked("one"))

    with pytest.raises(NoEarlierReleaseError, match="never served"):
        releases.roll_back(asked("two"), to="3")
    with pytest.raises(ModelVersionNotFoundError):
        releases.roll_back(asked("three"), to="7")

    assert serving(releases) == "1"


def test_a_release_that_went_wrong_is_taken_back(releases: Releases) -> None:
    releases.release(FIRST, asked("one"))
    releases.release(SECOND, asked("two"))

    entry = withdraw(releases.ledger, MODEL, SECOND, asked("two", why="it does not load"))

    assert serving(releases) == "1"
    assert (str(entry.transition), entry.subject, entry.cause.why) == (
        "rolled_back",
        FIRST,
        "it does not load",
    )
    assert withdraw(releases.ledger, MODEL, SECOND, asked("two")) == entry


def test_the_first_release_is_taken_back_to_nothing(releases: Releases) -> None:
    releases.release(FIRST, asked("one"))

    entry = withdraw(releases.ledger, MODEL, FIRST, asked("one"))
    again = withdraw(releases.ledger, MODEL, FIRST, asked("one"))

    assert serving(releases) is None
    assert entry == again
    releases.release(SECOND, asked("two"), expected_revision=0)
    with pytest.raises(NoEarlierReleaseError):
        releases.roll_back(asked("three"))


def test_what_somebody_released_since_is_not_taken_back(releases: Releases) -> None:
    releases.release(FIRST, asked("one"))
    releases.release(SECOND, asked("two"))

    entry = withdraw(releases.ledger, MODEL, FIRST, asked("one"))

    assert serving(releases) == "2"
    assert str(entry.transition) == "rejected"


def test_a_release_that_never_was_is_entered_as_rejected(releases: Releases) -> None:
    releases.release(FIRST, asked("one"))

    entry = withdraw(releases.ledger, MODEL, SECOND, asked("two", why="a wrong answer"))

    assert (str(entry.transition), entry.subject) == ("rejected", SECOND)
    assert serving(releases) == "1"


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        (lambda r: r.release(SECOND, asked("act"), expected_revision=4), "1", "2"),
        (lambda r: r.roll_back(asked("act"), to="2"), "3", "2"),
        (lambda r: withdraw(r.ledger, MODEL, THIRD, asked("release 3")), "3", "2"),
    ],
    ids=["release", "roll back", "withdraw"],
)
def test_killed_at_any_call_ledger_and_routing_agree_and_a_retry_finishes(
    dynamodb: Any, act: Callable[[Releases], object], before: str, after: str
) -> None:
    at = 0
    while True:
        at += 1
        fuse = Fuse()
        releases = with_versions(Releases(ledger_in(FusedClient(dynamodb, fuse)), MODEL))
        for version in (FIRST, SECOND, THIRD)[: int(before)]:
            releases.release(version, asked(f"release {version.version}"))
        fuse.arm(at)
        try:
            act(releases)
        except Killed:
            fuse.disarm()
            assert serving(releases) in {before, after}
            act(releases)
        else:
            break
        assert serving(releases) == after
        n_changes = len(transitions(releases))
        act(releases)
        assert len(transitions(releases)) == n_changes == int(before) + 1
        empty_tables(dynamodb)
    # Queries and the transaction, each killed before and after.
    assert at >= 5


def empty_tables(dynamodb: Any) -> None:
    for table, keys in (("ledger", ("model_name", "sequence")), ("routing", ("model_name",))):
        for item in dynamodb.scan(TableName=table)["Items"]:
            dynamodb.delete_item(TableName=table, Key={key: item[key] for key in keys})
