import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlops_platform.errors import ChampionChangedError, LedgerConflictError, LedgerIntegrityError
from mlops_platform.registry import ledger as ledger_module
from mlops_platform.registry.ledger import Ledger, Proposal
from mlops_platform.registry.ledger_entry import NO_HASH, LedgerEntry, key_of
from mlops_platform.registry.release_history import production_at
from mlops_platform.registry.transition import Change, Transition
from mlops_platform.serving.routing import Routing, read_routing
from tests.unit.registry.manifests import asked, registered
from tests.unit.registry.refusing_client import RefusingClient
from tests.unit.registry.tables import LEDGER, ROUTING, OneAtATime, ledger_in

MODEL = "fraud_detection"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def registering(number: int, operation: str = "") -> Change:
    return Change(
        transition=Transition.REGISTERED,
        cause=asked(operation or f"register-{number}"),
        subject=registered(number),
    )


def releasing(number: int, operation: str = "") -> Change:
    return Change(
        transition=Transition.RELEASED,
        cause=asked(operation or f"release-{number}"),
        subject=registered(number),
        variants=(registered(number).variant(),),
    )


def append(ledger: Ledger, *changes: Change) -> list[LedgerEntry]:
    return [ledger.record(MODEL, proposing(change)) for change in changes]


def proposing(change: Change) -> Proposal:
    return lambda _: change


def edit(ledger: Ledger, sequence: int, **attributes: Any) -> None:
    """Change a stored entry as somebody with access to the table could."""
    item = ledger.table.dynamodb.get_item(TableName=LEDGER, Key=key_of(MODEL, sequence))["Item"]
    ledger.table.dynamodb.put_item(TableName=LEDGER, Item={**item, **attributes})


def test_a_model_without_a_ledger_has_no_head(ledger: Ledger) -> None:
    assert ledger.head(MODEL) is None
    assert ledger.verify(MODEL) == []


def test_entries_are_chained_in_their_order(ledger: Ledger) -> None:
    first, second = append(ledger, registering(1), releasing(1))

    assert (first.sequence, second.sequence) == (1, 2)
    assert (first.previous_hash, second.previous_hash) == (NO_HASH, first.hash)
    assert ledger.verify(MODEL) == [first, second]
    assert ledger.head(MODEL) == second


def test_an_entry_says_who_did_what_and_why(ledger: Ledger) -> None:
    (entry,) = append(ledger, registering(1, "request 7"))

    told = entry.to_dict()

    assert (told["who"], told["why"], told["operation"]) == ("ada", "a test", "request 7")
    assert told["evidence"] == {"accuracy": 0.99}
    assert told["version"]["semantic_version"] == "1.0.0"
    assert told["transition"] == "registered"


def test_a_routing_s_revision_is_the_sequence_of_its_entry(ledger: Ledger) -> None:
    _, released, _ = append(ledger, registering(1), releasing(1), registering(2))

    routing = read_routing(ledger.table.dynamodb, ROUTING, MODEL)

    assert routing.revision == released.sequence == 2
    assert routing == released.routing
    head = ledger.head(MODEL)
    assert head is not None
    assert head.routing == routing


def test_what_is_staged_waits_until_it_serves(ledger: Ledger) -> None:
    staging = Change(transition=Transition.STAGED, cause=asked("stage-2"), subject=registered(2))

    entries = append(ledger, releasing(1), staging, registering(3), releasing(1), releasing(2))

    assert [entry.staging for entry in entries] == [None, "2", "2", "2", None]


def test_models_have_ledgers_of_their_own(ledger: Ledger) -> None:
    append(ledger, registering(1), releasing(1))

    other = ledger.record("categorization", lambda _: registering(1))

    assert other.sequence == 1
    assert other.routing is None
    assert len(ledger.verify(MODEL)) == 2


def test_time_never_goes_backwards(dynamodb: Any) -> None:
    moments = iter([NOON, NOON - timedelta(hours=1), NOON + timedelta(hours=1)])
    ledger = ledger_in(dynamodb, clock=lambda: next(moments))

    entries = append(ledger, registering(1), registering(2), registering(3))

    assert [entry.at for entry in entries] == [NOON, NOON, NOON + timedelta(hours=1)]


@pytest.mark.parametrize(
    ("minutes", "version"), [(-1, None), (0, "1"), (59, "1"), (60, "2"), (600, "2")]
)
def test_what_served_at_a_moment_is_told(dynamodb: Any, minutes: int, version: str | None) -> None:
    moments = iter([NOON, NOON + timedelta(hours=1)])
    ledger = ledger_in(dynamodb, clock=lambda: next(moments))
    append(ledger, releasing(1), releasing(2))

    routing = production_at(ledger.verify(MODEL), NOON + timedelta(minutes=minutes))

    assert (routing.variants[0].version if routing else None) == version


@pytest.mark.parametrize(
    "forge",
    [
        lambda text: {"entry": {"S": text.replace("ada", "eve")}},
        lambda text: {"entry": {"S": f"{text} "}},
        lambda _: {"entry": {"S": "no JSON"}},
        lambda _: {"entry": {"S": "{}"}},
        lambda _: {"hash": {"S": "f" * 64}},
        lambda _: {"more": {"S": "attributes"}},
    ],
)
@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_a_changed_entry_is_found(
    ledger: Ledger, forge: Callable[[str], dict[str, Any]], sequence: int
) -> None:
    append(ledger, registering(1), releasing(1), registering(2))
    item = ledger.table.dynamodb.get_item(TableName=LEDGER, Key=key_of(MODEL, sequence))["Item"]

    edit(ledger, sequence, **forge(item["entry"]["S"]))

    with pytest.raises(LedgerIntegrityError, match=f"Entry {sequence} of the ledger"):
        ledger.verify(MODEL)


def test_an_entry_that_was_rewritten_with_its_hash_breaks_the_chain(ledger: Ledger) -> None:
    entries = append(ledger, registering(1), registering(2), registering(3))
    forged = LedgerEntry.following(entries[0], MODEL, registering(9), entries[1].at)

    ledger.table.dynamodb.put_item(TableName=LEDGER, Item=forged.to_item())

    with pytest.raises(LedgerIntegrityError, match=r"Entry 3 .* does not follow"):
        ledger.verify(MODEL)


@pytest.mark.parametrize("sequence", [1, 2])
def test_a_missing_entry_is_found(ledger: Ledger, sequence: int) -> None:
    append(ledger, registering(1), registering(2), registering(3))

    ledger.table.dynamodb.delete_item(TableName=LEDGER, Key=key_of(MODEL, sequence))

    with pytest.raises(LedgerIntegrityError):
        ledger.verify(MODEL)


def test_a_cut_tail_shows_in_the_routing_that_it_had_made(ledger: Ledger) -> None:
    append(ledger, releasing(1), releasing(2))

    ledger.table.dynamodb.delete_item(TableName=LEDGER, Key=key_of(MODEL, 2))

    with pytest.raises(LedgerIntegrityError, match="revision 2 of fraud_detection, which its"):
        ledger.verify(MODEL)


def test_a_routing_that_the_ledger_never_wrote_is_found(ledger: Ledger) -> None:
    (entry,) = append(ledger, releasing(1))
    forged = Routing(model_name=MODEL, revision=1, variants=(registered(2).variant(),))

    overwrite_routing(ledger, entry.routing, forged)

    with pytest.raises(LedgerIntegrityError):
        ledger.verify(MODEL)


def overwrite_routing(ledger: Ledger, old: Routing | None, new: Routing | None) -> None:
    change = ledger.routing_table.replacement(MODEL, old, new)
    ledger.table.dynamodb.transact_write_items(TransactItems=[change])


def test_nothing_is_appended_to_an_entry_that_was_changed(ledger: Ledger) -> None:
    append(ledger, registering(1))
    edit(ledger, 1, hash={"S": "f" * 64})

    with pytest.raises(LedgerIntegrityError):
        append(ledger, registering(2))


@pytest.mark.parametrize("other", [registered(1), registered(2)])
def test_a_routing_that_somebody_changed_is_restored(ledger: Ledger, other: Any) -> None:
    _, entry, head = append(ledger, releasing(1), releasing(2), registering(3))
    forged = Routing(model_name=MODEL, revision=1, variants=(other.variant(),))
    overwrite_routing(ledger, entry.routing, forged)

    ledger.restore_routing(head)

    assert ledger.routing_table.read(MODEL) == entry.routing


def test_a_routing_that_somebody_removed_is_restored(ledger: Ledger) -> None:
    (entry,) = append(ledger, releasing(1))
    overwrite_routing(ledger, entry.routing, None)

    ledger.restore_routing(entry)

    assert ledger.routing_table.read(MODEL) == entry.routing


def test_a_routing_newer_than_the_ledger_is_not_undone(ledger: Ledger) -> None:
    first, second = append(ledger, releasing(1), releasing(2))
    ledger.table.dynamodb.delete_item(TableName=LEDGER, Key=key_of(MODEL, 2))

    with pytest.raises(LedgerIntegrityError, match="restore both"):
        ledger.restore_routing(first)

    assert ledger.routing_table.read(MODEL) == second.routing


def test_a_stale_repair_restores_nothing(ledger: Ledger) -> None:
    first, second = append(ledger, releasing(1), releasing(2))

    ledger.restore_routing(first)

    assert ledger.routing_table.read(MODEL) == second.routing


def test_a_release_mends_a_routing_that_disagrees_and_goes_through(ledger: Ledger) -> None:
    (entry,) = append(ledger, releasing(1))
    overwrite_routing(ledger, entry.routing, None)

    (released,) = append(ledger, releasing(2))

    assert ledger.routing_table.read(MODEL) == released.routing
    assert len(ledger.verify(MODEL)) == 2


def test_of_concurrent_writers_each_gets_a_place(dynamodb: Any) -> None:
    ledger = ledger_in(OneAtATime(dynamodb))
    start = threading.Barrier(5)

    def register(number: int) -> None:
        start.wait()
        append(ledger, registering(number))

    threads = [threading.Thread(target=register, args=(number,)) for number in range(1, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    entries = ledger.verify(MODEL)
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5]
    assert {entry.cause.operation for entry in entries} == {f"register-{n}" for n in range(1, 6)}


class RepeatingClient:
    """boto3 as it is when a write's answer is lost: the same write is sent twice."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **arguments: Any) -> Any:
        self._client.transact_write_items(**arguments)
        return self._client.transact_write_items(**arguments)


def test_a_write_whose_answer_was_lost_has_won(dynamodb: Any) -> None:
    (entry,) = append(ledger_in(RepeatingClient(dynamodb)), releasing(1))

    assert ledger_in(dynamodb).verify(MODEL) == [entry]


@pytest.mark.parametrize(
    "code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]
)
def test_a_throttled_write_is_sent_again(dynamodb: Any, code: str) -> None:
    append(ledger_in(RefusingClient(dynamodb, code, times=3)), releasing(1))

    assert len(ledger_in(dynamodb).verify(MODEL)) == 1


def test_a_table_that_refuses_for_ever_is_left_with_nothing_written(
    dynamodb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_module, "pause", lambda _: None)
    refusing = ledger_in(RefusingClient(dynamodb, "ThrottlingError", times=100))

    with pytest.raises(LedgerConflictError, match="nothing was changed"):
        append(refusing, releasing(1))

    assert ledger_in(dynamodb).head(MODEL) is None
    assert ledger_in(dynamodb).routing_table.read(MODEL) is None


def test_a_throttled_table_lets_the_routing_be_restored_in_a_while(
    ledger: Ledger, dynamodb: Any
) -> None:
    (entry,) = append(ledger, releasing(1))
    dynamodb.delete_item(TableName=ROUTING, Key={"model_name": {"S": MODEL}})

    ledger_in(RefusingClient(dynamodb, "ThrottlingError", times=3)).restore_routing(entry)

    assert ledger.routing_table.read(MODEL) == entry.routing


def test_a_routing_that_cannot_be_restored_is_not_said_to_agree(
    ledger: Ledger, dynamodb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_module, "pause", lambda _: None)
    (entry,) = append(ledger, releasing(1))
    dynamodb.delete_item(TableName=ROUTING, Key={"model_name": {"S": MODEL}})

    with pytest.raises(LedgerConflictError, match="the table refused"):
        ledger_in(RefusingClient(dynamodb, "ThrottlingError", times=100)).restore_routing(entry)


def test_another_error_of_the_table_is_not_taken_for_a_lost_race(dynamodb: Any) -> None:
    refusing = ledger_in(RefusingClient(dynamodb, "ValidationError", times=1))

    with pytest.raises(ClientError, match="ValidationError"):
        append(refusing, releasing(1))


def test_a_change_that_became_impossible_is_not_made(ledger: Ledger) -> None:
    append(ledger, releasing(1))

    def refuse(head: LedgerEntry | None) -> Change:
        raise ChampionChangedError(str(head and head.sequence))

    with pytest.raises(ChampionChangedError, match="1"):
        ledger.record(MODEL, refuse)

    assert len(ledger.verify(MODEL)) == 1
