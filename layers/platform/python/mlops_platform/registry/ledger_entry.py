"""One entry of a model's ledger: what changed, who asked and why, and what holds from then on."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

from mlops_platform.errors import LedgerIntegrityError, ModelNotDeployedError
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.transition import Cause, Change, Transition
from mlops_platform.serving.routing import Routing, Variant

# What stands in the first entry where the others have their predecessor's hash.
NO_HASH = "0" * 64


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """One link of the chain.

    Parameters
    ----------
    model_name, sequence
        Whose entry it is, and its place, the first being 1.
    previous_hash
        The hash of the entry before; `NO_HASH` in the first.
    at
        When it was written, UTC; never earlier than the entry before.
    transition, cause, subject
        What happened to which version, by whom and why.
    staging
        The version in Staging from now on; None if there is none.
    routing
        What serves from now on; None if nothing does. Its revision is the sequence of the entry
        that last changed it.
    """

    model_name: str
    sequence: int
    previous_hash: str
    at: datetime
    transition: Transition
    cause: Cause
    subject: RegisteredVersion | None
    staging: str | None
    routing: Routing | None

    @classmethod
    def following(
        cls, previous: "LedgerEntry | None", model_name: str, change: Change, now: datetime
    ) -> Self:
        """Return the entry that a change makes after `previous`, which is None for the first."""
        sequence = 1 if previous is None else previous.sequence + 1
        return cls(
            model_name=model_name,
            sequence=sequence,
            previous_hash=NO_HASH if previous is None else previous.hash,
            # Clocks of functions differ; time in a ledger only goes forward.
            at=now if previous is None else max(now, previous.at),
            transition=change.transition,
            cause=change.cause,
            subject=change.subject,
            staging=_staging_after(previous, change),
            routing=_new_routing(previous, model_name, sequence, change),
        )

    @property
    def hash(self) -> str:
        """The SHA-256 of the canonical entry, and so of all entries before it."""
        return hashlib.sha256(self._text().encode()).hexdigest()

    @property
    def serving(self) -> Routing:
        """What serves from now on.

        Raises
        ------
        ModelNotDeployedError
            Nothing does.
        """
        if self.routing is None:
            raise ModelNotDeployedError(f"No version of {self.model_name} is deployed.")
        return self.routing

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as JSON's own types."""
        return {
            "model_name": self.model_name,
            "sequence": self.sequence,
            "previous_hash": self.previous_hash,
            "at": self.at.isoformat(timespec="microseconds"),
            "transition": str(self.transition),
            **asdict(self.cause),
            "version": None if self.subject is None else asdict(self.subject),
            "staging": self.staging,
            "routing": None if self.routing is None else _routing_to_dict(self.routing),
        }

    def to_item(self) -> dict[str, Any]:
        """Return the item as DynamoDB's low-level client takes it."""
        return {
            **key_of(self.model_name, self.sequence),
            "entry": {"S": self._text()},
            "hash": {"S": self.hash},
        }

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """Read what `to_item` returned.

        Raises
        ------
        LedgerIntegrityError
            The item was changed since.
        """
        model_name, sequence = item["model_name"]["S"], int(item["sequence"]["N"])
        try:
            entry = cls._from_dict(json.loads(item["entry"]["S"]))
            written = entry.to_item()
        except (ValueError, KeyError, TypeError) as error:
            raise tampered(model_name, sequence, f"it cannot be read ({error!r})") from error
        if written != item:
            raise tampered(model_name, sequence, "it is not what its hash was made of")
        return entry

    @classmethod
    def _from_dict(cls, document: Mapping[str, Any]) -> Self:
        subject, routing = document["version"], document["routing"]
        return cls(
            model_name=document["model_name"],
            sequence=document["sequence"],
            previous_hash=document["previous_hash"],
            at=datetime.fromisoformat(document["at"]).astimezone(UTC),
            transition=Transition(document["transition"]),
            cause=Cause(**{name: document[name] for name in Cause.__dataclass_fields__}),
            subject=None if subject is None else RegisteredVersion(**subject),
            staging=document["staging"],
            routing=None
            if routing is None
            else Routing(
                model_name=document["model_name"],
                revision=routing["revision"],
                variants=tuple(Variant(**variant) for variant in routing["variants"]),
            ),
        )

    def _text(self) -> str:
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), allow_nan=False)


def key_of(model_name: str, sequence: int) -> dict[str, Any]:
    """Return the primary key of an entry."""
    return {"model_name": {"S": model_name}, "sequence": {"N": str(sequence)}}


def routing_after(entry: LedgerEntry | None) -> Routing | None:
    """Return what serves after an entry; None for nothing, as before the first."""
    return None if entry is None else entry.routing


def tampered(model_name: str, sequence: int, finding: str) -> LedgerIntegrityError:
    """Return the error about an entry that is not as it was written."""
    return LedgerIntegrityError(
        f"Entry {sequence} of the ledger of {model_name} is not as it was written: {finding}. "
        "Find out who may write to the table, and restore it to a moment before."
    )


def _staging_after(previous: LedgerEntry | None, change: Change) -> str | None:
    """Return who is in Staging: the last one put there, until it serves."""
    before = None if previous is None else previous.staging
    subject = None if change.subject is None else change.subject.version
    if change.transition is Transition.STAGED:
        return subject
    return None if change.variants is not None and before == subject else before


def _new_routing(
    previous: LedgerEntry | None, model_name: str, sequence: int, change: Change
) -> Routing | None:
    if change.variants is None:
        return routing_after(previous)
    if not change.variants:
        return None
    return Routing(model_name=model_name, revision=sequence, variants=change.variants)


def _routing_to_dict(routing: Routing) -> dict[str, Any]:
    return {
        "revision": routing.revision,
        "variants": [asdict(variant) for variant in routing.variants],
    }
