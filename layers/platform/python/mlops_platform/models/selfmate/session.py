"""What a conversation remembers, small enough to be kept anywhere as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from mlops_platform.models.selfmate.tools.arguments import Arguments


@dataclass(frozen=True)
class Session:
    """The question that a follow-up leans on.

    Parameters
    ----------
    intent
        What was asked last, empty at the beginning.
    arguments
        What it was asked about.

    Examples
    --------
    >>> session = Session("spending", Arguments(category="fuel"))
    >>> Session.from_dict(session.to_dict()) == session
    True
    """

    intent: str = ""
    arguments: Arguments = field(default_factory=Arguments)

    def to_dict(self) -> dict[str, Any]:
        """Return the session as JSON's own types."""
        return {"intent": self.intent, "arguments": self.arguments.to_dict()}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned; nothing is a session that begins.

        Raises
        ------
        ValueError, KeyError, TypeError
            It is something else.
        """
        if not given:
            return cls()
        if set(given) != {"intent", "arguments"} or not isinstance(given["intent"], str):
            raise ValueError(f"no session: {sorted(given)}")
        if not isinstance(given["arguments"], Mapping):
            raise TypeError(f"arguments are {given['arguments']!r}")
        return cls(given["intent"], Arguments.from_dict(given["arguments"]))
