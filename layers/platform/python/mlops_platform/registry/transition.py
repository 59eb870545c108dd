"""What may happen to a version, and what stands behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.routing_table import champion_of
from mlops_platform.serving.routing import Routing, Variant


class Transition(StrEnum):
    """What may happen to a version."""

    REGISTERED = "registered"
    STAGED = "staged"
    RELEASED = "released"
    ROLLED_BACK = "rolled_back"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Who asked for a transition, why, and on which evidence.

    Parameters
    ----------
    operation
        The request or execution behind it; a repetition of that is recognised by it.
    who
        The name of a key, or the program that acts by itself.
    why
        A reason in a person's words, or a cause such as ``schedule``.
    evidence
        What the decision rests on, of JSON's own types.
    """

    operation: str
    who: str
    why: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def replacing(self, routing: Routing | None) -> Self:
        """Return the cause with what served until now among the evidence."""
        replaced = None
        if routing is not None:
            champion = champion_of(routing)
            replaced = {
                "version": champion.version,
                "semantic_version": champion.semantic_version,
                "revision": routing.revision,
            }
        return replace(self, evidence={**self.evidence, "replaced": replaced})


@dataclass(frozen=True, kw_only=True)
class Change:
    """A transition that somebody proposes.

    Parameters
    ----------
    transition, cause
        What is to happen, and what stands behind it.
    subject
        The version that it is about; None if there is none, such as for a candidate that the gate
        rejects.
    variants
        What serves from now on; empty for nothing, and None where the routing stays.
    """

    transition: Transition
    cause: Cause
    subject: RegisteredVersion | None
    variants: tuple[Variant, ...] | None = None
