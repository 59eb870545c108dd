"""The ledger against a plain list: whatever is done in whatever order, both tell the same."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from moto import mock_aws

from mlops_platform.errors import (
    ChampionChangedError,
    LedgerIntegrityError,
    ModelVersionNotFoundError,
    NoEarlierReleaseError,
)
from mlops_platform.registry.ledger_entry import LedgerEntry, key_of
from mlops_platform.registry.release_history import production_at
from mlops_platform.registry.releases import Releases
from mlops_platform.registry.transition import Change, Transition
from mlops_platform.registry.withdrawal import withdraw
from tests.unit.registry.manifests import asked, registered
from tests.unit.registry.tables import LEDGER, create_registry_tables, ledger_in

MODEL = "fraud_detection"
NUMBERS = st.integers(1, 4)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """One entry as the plain list keeps it: what happened, and what serves and waits then."""

    at: datetime
    transition: str
    serving: str | None
    staging: str | None
    operation: str


def connect() -> Any:
    return boto3.client(
        "dynamodb",
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


class Writers(RuleBasedStateMachine):
    """Writers with fresh and with stale knowledge, alone and in each other's way."""

    def __init__(self) -> None:
        super().__init__()
        self.aws = mock_aws()
        self.aws.start()
        dynamodb = connect()
        create_registry_tables(dynamodb)
        self.now = NOON
        self.ledger = ledger_in(dynamodb, clock=lambda: self.now)
        self.releases = Releases(self.ledger, MODEL)
        self.lines: list[Line] = []
        self.known: set[str] = set()
        self.pile: list[str] = []
        self.n_operations = 0

    def teardown(self) -> None:
        self.aws.stop()

    @property
    def serving(self) -> str | None:
        return self.lines[-1].serving if self.lines else None

    @property
    def staging(self) -> str | None:
        return self.lines[-1].staging if self.lines else None

    @property
    def revision(self) -> int:
        """The place of the line that last changed what serves."""
        if self.serving is None:
            return 0
        changes = [
            place
            for place, line in enumerate(self.lines, start=1)
            if line.transition in {"released", "rolled_back"}
        ]
        return changes[-1]

    def operation(self) -> str:
        self.n_operations += 1
        return f"operation-{self.n_operations}"

    def write(self, transition: str, operation: str, **after: str | None) -> None:
        before = {"serving": self.serving, "staging": self.staging}
        kept = self.lines[-1].at if self.lines else self.now
        changed: dict[str, Any] = before | after
        self.lines.append(Line(max(kept, self.now), transition, operation=operation, **changed))

    def serve(self, transition: str, operation: str, version: str) -> None:
        staging = None if self.staging == version else self.staging
        self.write(transition, operation, serving=version, staging=staging)

    @rule(seconds=st.integers(-5, 5))
    def time_passes_or_jumps_back(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(number=NUMBERS)
    def register(self, number: int) -> None:
        operation = self.operation()
        self.releases.register(registered(number), asked(operation))
        if str(number) not in self.known:
            self.known.add(str(number))
            self.write("registered", operation)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def stage(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.known)))
        operation = self.operation()
        self.releases.stage(registered(int(number)), asked(operation))
        if number not in {self.serving, self.staging}:
            self.write("staged", operation, staging=number)

    @rule()
    def reject(self) -> None:
        operation = self.operation()
        for _ in range(2):
            self.releases.reject(None, asked(operation))
        self.write("rejected", operation)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), revision=st.none() | st.integers(0, 12))
    def release(self, data: st.DataObject, revision: int | None) -> None:
        number = data.draw(st.sampled_from(sorted(self.known)))
        operation = self.operation()
        fresh = revision in {None, self.revision}
        serves = self.serving == number
        try:
            self.releases.release(
                registered(int(number)), asked(operation), expected_revision=revision
            )
        except ChampionChangedError:
            assert not fresh
            assert not serves
        else:
            assert fresh or serves
            if not serves:
                self.serve("released", operation, number)
                self.pile.append(number)

    @rule(to=st.none() | NUMBERS)
    def roll_back(self, to: int | None) -> None:
        operation = self.operation()
        target = str(to) if to else self.pile[-2] if len(self.pile) > 1 else None
        served = {line.serving for line in self.lines}
        try:
            self.releases.roll_back(asked(operation), to=str(to) if to else None)
        except ModelVersionNotFoundError:
            assert target not in self.known
        except NoEarlierReleaseError:
            assert target is None or target not in served
        else:
            assert target is not None
            if target != self.serving:
                self.serve("rolled_back", operation, target)
                if target in self.pile:
                    last = len(self.pile) - 1 - self.pile[::-1].index(target)
                    del self.pile[last + 1 :]
                else:
                    self.pile.append(target)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def a_release_is_overtaken_by_another_writer(self, data: st.DataObject) -> None:
        """The slow writer looks first and writes last; it must not undo what it never saw."""
        number = data.draw(st.sampled_from(sorted(self.known)))
        slow, quick = self.operation(), self.operation()
        overtaken = self.serving not in {None, number}
        seen = self.revision

        def propose(head: LedgerEntry | None) -> Change:
            if head is not None and head.cause.operation == quick:
                raise ChampionChangedError(quick)
            self.releases.reject(None, asked(quick))
            return Change(
                transition=Transition.RELEASED,
                cause=asked(slow),
                subject=registered(int(number)),
                variants=(registered(int(number)).variant(),),
            )

        with pytest.raises(ChampionChangedError):
            self.ledger.record(MODEL, propose)
        self.write("rejected", quick)
        assert self.revision == seen
        assert overtaken or self.serving in {None, number}

    @precondition(lambda self: self.lines and self.lines[-1].transition == "released")
    @rule()
    def withdraw_the_last_release(self) -> None:
        operation = self.lines[-1].operation
        before = self.lines[-2].serving if len(self.lines) > 1 else None
        for _ in range(2):
            withdraw(self.ledger, MODEL, None, asked(operation))
        if before is None:
            self.write("rolled_back", operation, serving=None)
        else:
            self.serve("rolled_back", operation, before)
        self.pile.pop()

    @invariant()
    def both_tell_the_same(self) -> None:
        entries = self.ledger.verify(MODEL)
        told = [
            Line(
                entry.at,
                str(entry.transition),
                entry.routing.variants[0].version if entry.routing else None,
                entry.staging,
                entry.cause.operation,
            )
            for entry in entries
        ]
        assert told == self.lines
        assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))

        routing = self.ledger.routing_table.read(MODEL)
        assert routing == (entries[-1].routing if entries else None)
        assert (routing.revision if routing else 0) == self.revision
        for moment in {line.at for line in self.lines} | {NOON - timedelta(days=1)}:
            served = production_at(entries, moment)
            assert (served.variants[0].version if served else None) == self.replay(moment)

    def replay(self, moment: datetime) -> str | None:
        past = [line for line in self.lines if line.at <= moment]
        return past[-1].serving if past else None

    @precondition(lambda self: len(self.lines) > 1)
    @rule(data=st.data())
    def tampering_is_found_and_undone(self, data: st.DataObject) -> None:
        dynamodb = self.ledger.table.dynamodb
        # What is cut off the end leaves a whole chain; an anchor elsewhere has to show that.
        sequence = data.draw(st.integers(1, len(self.lines) - 1))
        key = key_of(MODEL, sequence)
        item = dynamodb.get_item(TableName=LEDGER, Key=key)["Item"]
        position = data.draw(st.integers(0, len(item["entry"]["S"]) - 1))
        if data.draw(st.booleans()):
            text = item["entry"]["S"]
            other = "x" if text[position] != "x" else "y"
            forged = f"{text[:position]}{other}{text[position + 1 :]}"
            dynamodb.put_item(TableName=LEDGER, Item={**item, "entry": {"S": forged}})
        else:
            dynamodb.delete_item(TableName=LEDGER, Key=key)

        with pytest.raises(LedgerIntegrityError):
            self.ledger.verify(MODEL)
        dynamodb.put_item(TableName=LEDGER, Item=item)


Writers.TestCase.settings = settings(max_examples=10, stateful_step_count=15)
TestWriters = Writers.TestCase
