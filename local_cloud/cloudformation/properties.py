"""Which properties of a resource have an effect here, which are known to have none.

What is in neither list would vanish silently, and is refused before anything is created.
"""

import dataclasses
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from botocore.model import ListShape, Shape, StructureShape


@dataclasses.dataclass(frozen=True)
class Properties:
    """The properties that a provider knows, by name or dotted path (`LoggingConfig.LogGroup`).

    A name stands for all that is below it; where paths go on below a name, the others there are
    unknown. Lists have no place in a path: `Rules.Id` is the `Id` of every rule.

    Attributes
    ----------
    reads
        What the provider acts upon, or passes on to a service that records it.
    ignores
        What has no effect here, knowingly: deployments report it.
    shape
        Returns an operation's input: its members are read as well, as deep as they go.
    """

    reads: AbstractSet[str] = frozenset()
    ignores: AbstractSet[str] = frozenset()
    shape: Callable[[], Shape] | None = None

    def sort(self, properties: dict[str, Any]) -> tuple[set[str], set[str]]:
        """Return what of a template's properties is unread, and what is ignored."""
        found = list(self._verdicts(properties, ""))
        unread = {path for path, verdict in found if verdict == "unread"}
        return unread, {path for path, verdict in found if verdict == "ignored"}

    def _verdicts(self, value: Any, prefix: str) -> Iterator[tuple[str, str]]:
        for each in value if isinstance(value, list) else [value]:
            if not isinstance(each, dict) or is_intrinsic(each):
                continue
            for key, item in each.items():
                path = f"{prefix}{key}"
                if path in self.ignores:
                    yield path, "ignored"
                elif any(known.startswith(f"{path}.") for known in self.reads | self.ignores):
                    yield from self._verdicts(item, f"{path}.")
                elif path not in self.reads:
                    yield from ((unread, "unread") for unread in self._beyond_shape(path, item))

    def _beyond_shape(self, path: str, value: Any) -> Iterator[str]:
        shape = self.shape() if self.shape and "." not in path else None
        if shape is None:
            yield path
        else:
            yield from members_beyond({path: value}, shape)


NO_PROPERTIES = Properties()
"""For a type of which nothing can be set."""


def is_intrinsic(value: Any) -> bool:
    """Tell whether a template's value is a function's call, `{"Ref": …}` or `{"Fn::…": …}`."""
    name = next(iter(value), "") if isinstance(value, dict) and len(value) == 1 else ""
    return name == "Ref" or name.startswith("Fn::")


def members_beyond(value: Any, shape: Shape, prefix: str = "") -> Iterator[str]:
    """Yield the paths of what `shape` has no member for; spelling by capitals does not matter."""
    if is_intrinsic(value):
        return
    if isinstance(shape, ListShape):
        for item in value if isinstance(value, list) else [value]:
            yield from members_beyond(item, shape.member, prefix)
    elif isinstance(shape, StructureShape) and isinstance(value, dict):
        members = {name.lower(): member for name, member in shape.members.items()}
        for key, item in value.items():
            if key.lower() in members:
                yield from members_beyond(item, members[key.lower()], f"{prefix}{key}.")
            else:
                yield f"{prefix}{key}"


def without(value: Any, paths: AbstractSet[str], prefix: str = "") -> Any:
    """Return a copy of `value` without the members at `paths`.

    >>> without({"a": 1, "b": [{"c": 2, "d": 3}]}, {"a", "b.d"})
    {'b': [{'c': 2}]}
    """
    if isinstance(value, list):
        return [without(item, paths, prefix) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: item for key, item in value.items() if f"{prefix}{key}" not in paths}
    return {key: without(item, paths, f"{prefix}{key}.") for key, item in kept.items()}
