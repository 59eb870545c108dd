"""Selectors of JSON fields: `$.a = "x" && ($.n > 3 || $.z NOT EXISTS)`."""

import fnmatch
import operator
import re
from collections.abc import Callable
from typing import Any

from local_cloud.json_path import look_up

Select = Callable[[Any], bool]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<path>\$[^\s=!<>()&|]*) |
    (?P<symbol>&&|\|\||>=|<=|!=|=|>|<|\(|\)) |
    (?P<text>"(?:[^"\\]|\\.)*") |
    (?P<regex>%[^%]*%) |
    (?P<word>[^\s=!<>()&|"]+)
    )""",
    re.VERBOSE,
)
_ORDERINGS = {">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}
_MISSING = object()


def parse_selector(text: str) -> Select:
    """Return a function that tells whether a parsed JSON document is selected.

    Raises
    ------
    ValueError
        When the selector is malformed.

    >>> parse_selector('$.n >= 3 && $.ok IS TRUE')({"n": 3, "ok": True})
    True
    """
    parser = _Parser(text)
    select = parser.alternatives()
    parser.expect_end()
    return select


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [
            (str(match.lastgroup), str(match[match.lastgroup or 0]))
            for match in _TOKEN.finditer(text)
        ]
        self._position = 0

    def alternatives(self) -> Select:
        parts = [self._conjunction()]
        while self._accept("||"):
            parts.append(self._conjunction())
        return lambda document: any(part(document) for part in parts)

    def expect_end(self) -> None:
        if self._position != len(self._tokens):
            raise ValueError(f"Unexpected {self._tokens[self._position][1]} in {{{self._text}}}.")

    def _conjunction(self) -> Select:
        parts = [self._condition()]
        while self._accept("&&"):
            parts.append(self._condition())
        return lambda document: all(part(document) for part in parts)

    def _condition(self) -> Select:
        if self._accept("("):
            inner = self.alternatives()
            self._take("symbol", ")")
            return inner
        path = self._take("path")
        if self._accept("IS"):
            return _is(path, self._take("word").upper())
        if self._accept("NOT"):
            self._take("word", "EXISTS")
            return lambda document: _find(document, path) is _MISSING
        sign = self._take("symbol")
        kind, value = self._next()
        return _comparison(path, sign, kind, value)

    def _next(self) -> tuple[str, str]:
        if self._position >= len(self._tokens):
            raise ValueError(f"The filter pattern {{{self._text}}} ends too early.")
        self._position += 1
        return self._tokens[self._position - 1]

    def _accept(self, wanted: str) -> bool:
        here = self._tokens[self._position : self._position + 1]
        if here and here[0][0] != "text" and here[0][1].upper() == wanted:
            self._position += 1
            return True
        return False

    def _take(self, kind: str, wanted: str | None = None) -> str:
        found, value = self._next()
        if found != kind or (wanted is not None and value.upper() != wanted):
            raise ValueError(f"Expected {wanted or kind}, not {value}, in {{{self._text}}}.")
        return value


def _find(document: Any, path: str) -> Any:
    parent, _, last = path.rpartition(".")
    holder = look_up(document, parent)
    if isinstance(holder, dict) and last in holder:
        return holder[last]
    found = look_up(document, path)
    return _MISSING if found is None else found


def _is(path: str, word: str) -> Select:
    values: dict[str, Any] = {"NULL": None, "TRUE": True, "FALSE": False}
    if word not in values:
        raise ValueError(f"{path} IS {word}: only NULL, TRUE and FALSE are known.")
    return lambda document: _find(document, path) is values[word]


def _comparison(path: str, sign: str, kind: str, value: str) -> Select:
    if sign in _ORDERINGS:
        limit, compare = float(value), _ORDERINGS[sign]

        def ordered(document: Any) -> bool:
            found = _find(document, path)
            return (
                isinstance(found, int | float)
                and not isinstance(found, bool)
                and bool(compare(found, limit))
            )

        return ordered
    equals = _equality(kind, value)
    if sign == "=":
        return lambda document: equals(_find(document, path))
    if sign == "!=":
        return lambda document: not equals(_find(document, path))
    raise ValueError(f"{sign} does not compare {path} with {value}.")


def _equality(kind: str, value: str) -> Select:
    if kind == "regex":
        expression = re.compile(value[1:-1])
        return lambda found: isinstance(found, str) and expression.search(found) is not None
    text = re.sub(r"\\(.)", r"\1", value[1:-1]) if kind == "text" else value
    if kind == "word" and re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", value):
        number = float(value)
        return lambda found: not isinstance(found, bool) and found == number
    if "*" in text:
        return lambda found: isinstance(found, str) and fnmatch.fnmatchcase(found, text)
    return lambda found: isinstance(found, str) and found == text
