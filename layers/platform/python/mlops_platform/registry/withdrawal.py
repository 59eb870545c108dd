"""A release that went wrong is taken back, unless somebody else has released since."""

from mlops_platform.registry.ledger import Ledger
from mlops_platform.registry.ledger_entry import LedgerEntry, routing_after
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.release_history import find_version, routing_before
from mlops_platform.registry.routing_table import champion_of
from mlops_platform.registry.transition import Cause, Change, Transition


def withdraw(
    ledger: Ledger, model_name: str, version: RegisteredVersion | None, cause: Cause
) -> LedgerEntry:
    """Take back what the cause's operation released, or enter that nothing came of it.

    Parameters
    ----------
    ledger, model_name
        Where, and about which model.
    version
        The version that was to be released; None if there is no such version.
    cause
        The release's operation, and what went wrong with it.

    Returns
    -------
    LedgerEntry
        The roll-back to what served before; or the rejection, if the operation released nothing
        or another one has released since. The same entry, however often it is asked for.
    """
    entries = ledger.verify(model_name)
    mine = [entry for entry in entries if entry.cause.operation == cause.operation]
    for entry in mine:
        if entry.transition in {Transition.ROLLED_BACK, Transition.REJECTED}:
            return entry
    released = [entry.routing for entry in mine if entry.transition is Transition.RELEASED]

    def propose(head: LedgerEntry | None) -> Change:
        routing = routing_after(head)
        if routing is None or routing not in released:
            return Change(transition=Transition.REJECTED, cause=cause, subject=version)
        before = routing_before(entries, routing.revision)
        champion = None if before is None else champion_of(before).version
        return Change(
            transition=Transition.ROLLED_BACK,
            cause=cause.replacing(routing),
            subject=None if champion is None else find_version(model_name, entries, champion),
            variants=() if before is None else before.variants,
        )

    return ledger.record(model_name, propose)
