"""What a model's ledger tells about its versions: which there are, which served, which before."""

from collections.abc import Sequence
from datetime import datetime

from mlops_platform.errors import ModelVersionNotFoundError, NoEarlierReleaseError
from mlops_platform.registry.ledger_entry import LedgerEntry, routing_after
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.routing_table import champion_of
from mlops_platform.registry.transition import Transition
from mlops_platform.serving.routing import Routing


def find_version(model_name: str, entries: Sequence[LedgerEntry], text: str) -> RegisteredVersion:
    """Return the version that `text` names by number (``3``) or by meaning (``1.0.2``).

    Raises
    ------
    ModelVersionNotFoundError
        The ledger has none.
    """
    known = registered_versions(entries)
    for version in known:
        if text in version.names:
            return version
    listed = ", ".join(f"{v.version} ({v.semantic_version})" for v in known) or "none"
    raise ModelVersionNotFoundError(
        f"The ledger of {model_name} has no version {text!r}. Registered versions: {listed}."
    )


def registered_versions(entries: Sequence[LedgerEntry]) -> list[RegisteredVersion]:
    """Return every registered version in the order of the registrations."""
    return [
        entry.subject
        for entry in entries
        if entry.transition is Transition.REGISTERED and entry.subject is not None
    ]


def production_at(entries: Sequence[LedgerEntry], moment: datetime) -> Routing | None:
    """Return what served at a moment, UTC; None if nothing did."""
    past = [entry for entry in entries if entry.at <= moment]
    return routing_after(past[-1]) if past else None


def has_served(entries: Sequence[LedgerEntry], version: str) -> bool:
    """Return whether a version was ever in production, however small its share."""
    return any(
        variant.version == version
        for entry in entries
        if entry.routing is not None
        for variant in entry.routing.variants
    )


def routing_before(entries: Sequence[LedgerEntry], revision: int) -> Routing | None:
    """Return what served before the entry that made a revision; None for nothing."""
    return entries[revision - 2].routing if revision > 1 else None


def previous_champion(model_name: str, entries: Sequence[LedgerEntry]) -> str:
    """Return the version to which a rollback that names none goes.

    Releases pile up and rollbacks take from the top: after a rollback from C to B, the next one
    goes to what served before B, never forward again to C.

    Raises
    ------
    NoEarlierReleaseError
        Nothing served before what serves now, or nothing serves.
    """
    pile = _pile(entries)
    if len(pile) > 1:
        return pile[-2]
    raise NoEarlierReleaseError(
        f"Nothing of {model_name} served before what serves now, so there is nothing to roll back "
        "to. Promote a version instead."
    )


def _pile(entries: Sequence[LedgerEntry]) -> list[str]:
    """Return the champions that lie under each other, the one that serves on top."""
    pile: list[str] = []
    for entry in entries:
        if entry.routing is None:
            pile.clear()
            continue
        if entry.routing.revision != entry.sequence:
            continue
        champion = champion_of(entry.routing).version
        if entry.transition is Transition.ROLLED_BACK and champion in pile:
            while pile[-1] != champion:
                pile.pop()
        elif pile[-1:] != [champion]:
            pile.append(champion)
    return pile
