"""Semantic versions of models: computed from what changed, never typed by hand."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

Field = Mapping[str, Any]
# What a request's field may ask for beyond its type.
_RULES = ("required", "positive")
_NUMBER = r"(0|[1-9][0-9]*)"
_PATTERN = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}")


@dataclass(frozen=True, order=True)
class SemanticVersion:
    """Major, minor and patch, in the order of releases.

    Examples
    --------
    >>> str(SemanticVersion.parse("1.4.2").next_minor())
    '1.5.0'
    """

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``major.minor.patch``.

        Raises
        ------
        ValueError
            The text is something else.
        """
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a semantic version; write it as 1.0.0.")
        return cls(*(int(part) for part in match.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def next_major(self) -> Self:
        """Follow a broken signature: callers must change."""
        return type(self)(self.major + 1, 0, 0)

    def next_minor(self) -> Self:
        """Follow a change of features or algorithm."""
        return type(self)(self.major, self.minor + 1, 0)

    def next_patch(self) -> Self:
        """Follow a refresh on newer data."""
        return type(self)(self.major, self.minor, self.patch + 1)


FIRST = SemanticVersion(1, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Interface:
    """What decides about a version's number.

    Parameters
    ----------
    request, response
        Fields of the signature, each with ``name``, ``type`` and, in a request, ``required``,
        ``positive`` and ``alias``.
    features
        Version and names of the features.
    algorithm
        The algorithm's name.
    """

    request: Sequence[Field]
    response: Sequence[Field]
    features: Mapping[str, Any]
    algorithm: str

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> Self:
        """Take from a bundle's manifest what counts."""
        return cls(
            request=manifest["signature"]["request"],
            response=manifest["signature"]["response"],
            features=manifest["features"],
            algorithm=manifest["algorithm"],
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """Return the interface in one canonical line."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    def breaks(self, earlier: "Interface") -> bool:
        """Return whether a caller of `earlier` could fail with this one.

        A request breaks if a field changes its type, becomes required or positive, loses its
        alias, or disappears (unknown fields are refused); a response breaks if a field disappears
        or changes its type.
        """
        return _request_breaks(_by_name(earlier.request), _by_name(self.request)) or any(
            name not in now or now[name]["type"] != was["type"]
            for now in [_by_name(self.response)]
            for name, was in _by_name(earlier.response).items()
        )


def next_version(
    previous: SemanticVersion, earlier: Interface, current: Interface
) -> SemanticVersion:
    """Return the number of a version with interface `current` that follows `previous`."""
    if current.breaks(earlier):
        return previous.next_major()
    changed = (
        current.algorithm != earlier.algorithm
        or dict(current.features) != dict(earlier.features)
        or _by_name(current.request) != _by_name(earlier.request)
        or _by_name(current.response) != _by_name(earlier.response)
    )
    return previous.next_minor() if changed else previous.next_patch()


def _request_breaks(was: Mapping[str, Field], now: Mapping[str, Field]) -> bool:
    if any(name not in now or _is_stricter(now[name], field) for name, field in was.items()):
        return True
    return any(field.get("required") for name, field in now.items() if name not in was)


def _is_stricter(now: Field, was: Field) -> bool:
    """Return whether a value that `was` took can be refused by `now`."""
    lost_alias = bool(was.get("alias")) and was["alias"] != now.get("alias")
    tightened = any(now.get(rule) and not was.get(rule) for rule in _RULES)
    return now["type"] != was["type"] or lost_alias or tightened


def _by_name(fields: Sequence[Field]) -> dict[str, Field]:
    return {str(field["name"]): field for field in fields}
