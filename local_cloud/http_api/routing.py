"""Which route answers a request: literal segments before parameters, greedy parameters last."""

import dataclasses
import functools
import re
from typing import Any
from urllib.parse import unquote

DEFAULT_ROUTE_KEY = "$default"
_LITERAL, _PARAMETER, _GREEDY = range(3)


@dataclasses.dataclass(frozen=True)
class Route:
    """One route of an API, with its properties as the template has them."""

    key: str
    properties: dict[str, Any]

    @functools.cached_property
    def method(self) -> str:
        """The HTTP method, or ANY."""
        return self.key.partition(" ")[0]

    @functools.cached_property
    def precedence(self) -> tuple[tuple[int, ...], bool]:
        """Sort key: the most specific route comes first."""
        segments = self.key.partition(" ")[2].strip("/").split("/")
        return tuple(_rank(segment) for segment in segments), self.method == "ANY"

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the paths that the route answers."""
        parts = [_expression(part) for part in self.key.partition(" ")[2].split("/")]
        return re.compile("/".join(parts))


class RouteTable:
    """The routes of one API."""

    def __init__(self) -> None:
        self._routes: list[Route] = []
        self._default: Route | None = None

    def add(self, route: Route) -> None:
        """Add a route and keep the table in order of precedence."""
        if route.key == DEFAULT_ROUTE_KEY:
            self._default = route
        else:
            self._routes = sorted([*self._routes, route], key=lambda other: other.precedence)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route and its path parameters, or None when nothing matches."""
        for route in self._routes:
            if route.method in {method, "ANY"} and (match := route.pattern.fullmatch(path)):
                names = {key: unquote(value) for key, value in match.groupdict().items()}
                return route, names
        return (self._default, {}) if self._default else None


def _rank(segment: str) -> int:
    if not segment.startswith("{"):
        return _LITERAL
    return _GREEDY if segment.endswith("+}") else _PARAMETER


def _expression(segment: str) -> str:
    rank = _rank(segment)
    if rank == _LITERAL:
        return re.escape(segment)
    if rank == _GREEDY:
        return f"(?P<{segment[1:-2]}>.+)"
    return f"(?P<{segment[1:-1]}>[^/]+)"
