"""Versions on their way through the stages: each step is one entry of the ledger.

Whoever dies before the entry is written changed nothing; whoever dies after it changed all that
counts, and `Reconciliation` brings MLflow's stages up to date. Every step may be repeated.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mlops_platform.errors import ChampionChangedError, NoEarlierReleaseError
from mlops_platform.registry.ledger import Ledger
from mlops_platform.registry.ledger_entry import LedgerEntry, routing_after
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.release_history import (
    find_version,
    has_served,
    previous_champion,
)
from mlops_platform.registry.routing_table import revision_of
from mlops_platform.registry.transition import Cause, Change, Transition
from mlops_platform.serving.routing import Routing


@dataclass(frozen=True)
class Releases:
    """Registers, stages, releases and rolls back the versions of one model.

    Parameters
    ----------
    ledger, model_name
        Where all of it is decided, and about whom.
    """

    ledger: Ledger
    model_name: str

    def find(self, text: str) -> RegisteredVersion:
        """Return the version that `text` names by number or by semantic version.

        Raises
        ------
        ModelVersionNotFoundError
            The ledger has none.
        """
        return find_version(self.model_name, self.ledger.verify(self.model_name), text)

    def register(self, version: RegisteredVersion, cause: Cause) -> LedgerEntry:
        """Enter a version into the ledger; the same version is entered once."""
        change = Change(transition=Transition.REGISTERED, cause=cause, subject=version)
        return self._append_unless(lambda entry: entry.subject == version, change)

    def stage(self, version: RegisteredVersion, cause: Cause) -> LedgerEntry:
        """Put a version into Staging, unless it is there, or is all that serves already."""

        def propose(head: LedgerEntry | None) -> Change | LedgerEntry:
            staged = head is not None and head.staging == version.version
            if head is not None and (staged or _serves_alone(head.routing, version)):
                return head
            return Change(transition=Transition.STAGED, cause=cause, subject=version)

        return self.ledger.record(self.model_name, propose)

    def reject(self, version: RegisteredVersion | None, cause: Cause) -> LedgerEntry:
        """Enter that a candidate is not released; None stands for one that has no version."""
        change = Change(transition=Transition.REJECTED, cause=cause, subject=version)
        return self._append_unless(lambda entry: entry.cause.operation == cause.operation, change)

    def release(
        self, version: RegisteredVersion, cause: Cause, *, expected_revision: int | None = None
    ) -> LedgerEntry:
        """Make `version` the only one that serves; repeating it changes nothing.

        Parameters
        ----------
        version, cause
            What is released, and why.
        expected_revision
            The routing that the decision is about; None takes the one that serves now.

        Raises
        ------
        ChampionChangedError
            Another release came in between; production stays as that release left it.
        """
        if expected_revision is None:
            expected_revision = revision_of(routing_after(self.ledger.head(self.model_name)))
        return self._serve(Transition.RELEASED, version, cause, expected_revision)

    def roll_back(
        self, cause: Cause, *, to: str | None = None, expected_revision: int | None = None
    ) -> LedgerEntry:
        """Make an earlier version the only one that serves, without asking MLflow.

        Parameters
        ----------
        cause
            Who wants it, and why.
        to
            Number or semantic version; None goes to what served before what serves now.
        expected_revision
            The routing to get away from; None takes the one that serves now.

        Raises
        ------
        ModelVersionNotFoundError, NoEarlierReleaseError
            There is no such version, or none that served before.
        ChampionChangedError
            Another release came in between; production stays as that release left it.
        """
        entries = self.ledger.verify(self.model_name)
        routing = routing_after(entries[-1] if entries else None)
        if expected_revision is not None:
            self._require_revision(routing, expected_revision)
        name = to or previous_champion(self.model_name, entries)
        target = find_version(self.model_name, entries, name)
        if not has_served(entries, target.version):
            raise NoEarlierReleaseError(
                f"Version {target.semantic_version} of {self.model_name} never served, so it is "
                "none to roll back to. Promote it instead."
            )
        return self._serve(Transition.ROLLED_BACK, target, cause, revision_of(routing))

    def _serve(
        self,
        transition: Transition,
        version: RegisteredVersion,
        cause: Cause,
        expected_revision: int,
    ) -> LedgerEntry:
        """Let `version` serve alone, if the routing is still the expected one."""

        def propose(head: LedgerEntry | None) -> Change | LedgerEntry:
            routing = routing_after(head)
            if head is not None and _serves_alone(routing, version):
                return head
            self._require_revision(routing, expected_revision)
            return Change(
                transition=transition,
                cause=cause.replacing(routing),
                subject=version,
                variants=(version.variant(),),
            )

        return self.ledger.record(self.model_name, propose)

    def _append_unless(
        self, stands_in: Callable[[LedgerEntry], bool], change: Change
    ) -> LedgerEntry:
        """Append a change unless an entry of its kind says the same already."""

        def propose(_head: LedgerEntry | None) -> Change | LedgerEntry:
            # Read after the newest entry: what is missing here is missing when it is written.
            for entry in self.ledger.verify(self.model_name):
                if entry.transition is change.transition and stands_in(entry):
                    return entry
            return change

        return self.ledger.record(self.model_name, propose)

    def _require_revision(self, routing: Routing | None, expected: int) -> None:
        if revision_of(routing) != expected:
            raise ChampionChangedError(
                f"Another release changed {self.model_name} after revision {expected}; production "
                "stays as that release left it. Look at what serves now, and decide again."
            )


def _serves_alone(routing: Routing | None, version: RegisteredVersion) -> bool:
    return routing is not None and [v.version for v in routing.variants] == [version.version]
