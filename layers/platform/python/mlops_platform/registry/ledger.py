"""The ledger: every transition of a model, in order; the authority on what serves.

An entry and the routing that it changes are written in one transaction, so the two never disagree.
Entries are chained by their hashes and are never rewritten; writers compete for the next place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from mlops_platform.aws.backoff import pause
from mlops_platform.errors import LedgerConflictError, LedgerIntegrityError
from mlops_platform.registry.ledger_entry import LedgerEntry, routing_after, tampered
from mlops_platform.registry.ledger_table import LedgerTable
from mlops_platform.registry.routing_table import RoutingTable, revision_of
from mlops_platform.registry.transition import Change
from mlops_platform.serving.routing import Routing

# Looks at the newest entry and says what to write after it, or which entry says it already.
Proposal = Callable[[LedgerEntry | None], Change | LedgerEntry]

_MAX_ATTEMPTS = 10


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Ledger:
    """The ledgers of all models.

    Parameters
    ----------
    table
        The entries.
    routing_table
        What serves; written together with the entries.
    clock
        The time, UTC.
    """

    table: LedgerTable
    routing_table: RoutingTable
    clock: Callable[[], datetime] = _now

    @classmethod
    def of_tables(cls, dynamodb: Any, ledger_table: str, routing_table: str) -> Self:
        """Return the ledger in tables of these names."""
        return cls(LedgerTable(dynamodb, ledger_table), RoutingTable(dynamodb, routing_table))

    def head(self, model_name: str) -> LedgerEntry | None:
        """Return the newest entry, or None for a model without any.

        Raises
        ------
        LedgerIntegrityError
            The entry is not as it was written.
        """
        return self.table.head(model_name)

    def verify(self, model_name: str) -> list[LedgerEntry]:
        """Return every entry, the oldest first, after checking that the chain is whole.

        A cut at the end shows if the routing table still has what was cut off.

        Raises
        ------
        LedgerIntegrityError
            An entry was changed, removed or put between others, or the routing table holds what
            the ledger never wrote.
        """
        # Before the entries, so that a release in between is not taken for a contradiction.
        routing = self.routing_table.read(model_name)
        previous, entries = None, []
        for entry in self.table.entries(model_name):
            _require_link(previous, entry)
            entries.append(entry)
            previous = entry
        if routing is not None and routing not in [entry.routing for entry in entries]:
            raise _contradiction(model_name, routing)
        return entries

    def record(self, model_name: str, propose: Proposal) -> LedgerEntry:
        """Append what `propose` makes of the newest entry, and change the routing with it.

        Parameters
        ----------
        model_name
            The model.
        propose
            Asked again, with what is newest then, whenever another writer was faster; it raises
            when that makes the change impossible.

        Raises
        ------
        LedgerConflictError
            Other writers were always faster.
        LedgerIntegrityError
            The newest entry is not as it was written, or the routing is newer than it.
        """
        for attempt in range(_MAX_ATTEMPTS):
            head = self.head(model_name)
            if attempt and head is not None:
                self.restore_routing(head)
            proposed = propose(head)
            if isinstance(proposed, LedgerEntry):
                return proposed
            entry = LedgerEntry.following(head, model_name, proposed, self.clock())
            written = self.table.append(head, entry, *self._routing_change(head, entry))
            if written is not None:
                return written
            pause(attempt)
        raise _refused(model_name)

    def restore_routing(self, head: LedgerEntry) -> None:
        """Make the routing table hold what the newest entry says.

        An entry that is not the newest any more changes nothing; its successor brought its routing.

        Raises
        ------
        LedgerConflictError
            The table refused every write.
        LedgerIntegrityError
            The routing is newer than the ledger, which therefore lost its end.
        """
        for attempt in range(_MAX_ATTEMPTS):
            routing = self.routing_table.read(head.model_name)
            if routing == head.routing:
                return
            if self.head(head.model_name) != head:
                return
            if revision_of(routing) > head.sequence:
                raise _contradiction(head.model_name, routing)
            replacement = self.routing_table.replacement(head.model_name, routing, head.routing)
            if self.table.write([self.table.nothing_after(head), replacement]):
                return
            pause(attempt)
        raise _refused(head.model_name)

    def _routing_change(
        self, previous: LedgerEntry | None, entry: LedgerEntry
    ) -> list[dict[str, Any]]:
        before = routing_after(previous)
        if entry.routing == before:
            return []
        return [self.routing_table.replacement(entry.model_name, before, entry.routing)]


def _require_link(previous: LedgerEntry | None, entry: LedgerEntry) -> None:
    """Raise unless `entry` is what its writer could have put after `previous`."""
    kept = entry.routing == routing_after(previous)
    served = () if entry.routing is None else entry.routing.variants
    change = Change(
        transition=entry.transition,
        cause=entry.cause,
        subject=entry.subject,
        variants=None if kept else served,
    )
    if entry != LedgerEntry.following(previous, entry.model_name, change, entry.at):
        raise tampered(entry.model_name, entry.sequence, "it does not follow from the one before")


def _refused(model_name: str) -> LedgerConflictError:
    return LedgerConflictError(
        f"{_MAX_ATTEMPTS} times, another writer of the ledger of {model_name} was faster or the "
        "table refused; nothing was changed. Try again."
    )


def _contradiction(model_name: str, routing: Routing | None) -> LedgerIntegrityError:
    return LedgerIntegrityError(
        f"The routing table holds revision {revision_of(routing)} of {model_name}, which its "
        "ledger does not know. Find out who may write to the two tables, and restore both to the "
        "same moment before."
    )
