"""What a request to a model may hold, and what its answer does."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from mlops_platform.moments import parse_moment

MAX_TEXT = 256
MAX_IDENTIFIERS = 500
MAX_OBJECTS = 1_000
# What is asked about happened between these: a clock may be wrong by hours, and time zones by a
# day, but state that forgets by age would forget everything for one event far in the future.
EARLIEST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
CLOCK_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a request or an answer.

    Parameters
    ----------
    name, type
        Its name, and one of ``number``, ``identifier``, ``text``, ``timestamp``, ``boolean``,
        ``identifiers`` (a list of at most `MAX_IDENTIFIERS`), ``object`` and ``objects`` (a list of
        at most `MAX_OBJECTS`), whose own fields the model knows.
    required
        A request must have it.
    positive
        A number must be greater than 0.
    alias
        Another name that requests may use for it.
    """

    name: str
    type: str
    required: bool = False
    positive: bool = False
    alias: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the field as JSON's own types."""
        return asdict(self)

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned."""
        return cls(**entry)


class Signature:
    """The fields of a request, laid out once for many requests.

    Parameters
    ----------
    fields
        Those that a request may have.

    Examples
    --------
    >>> signature = Signature([Field(name="amount", type="number", required=True, alias="sum")])
    >>> signature.problems_of({"amount": "ten"})
    [{'field': 'amount', 'message': "'ten' is not a number; send one such as 12.5."}]
    >>> signature.renamed({"sum": 12.5})
    {'amount': 12.5}
    """

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = tuple(fields)
        self._names = {
            name: field.name for field in fields for name in (field.name, field.alias) if name
        }
        self._checks = [(field, _CHECKS[field.type]) for field in fields]
        numbers = [field for field in fields if field.type == "number" and not field.alias]
        self._numbers = [field.name for field in numbers]
        self._positive = [field.name for field in numbers if field.positive]
        self._others = [each for each in self._checks if each[0] not in numbers]

    def problems_of(self, features: Mapping[str, Any]) -> list[dict[str, str]]:
        """Return what is wrong with a request: ``{"field", "message"}`` for each problem."""
        names, value_of = self._names, features.get
        problems = [self._unknown(name) for name in features if name not in names]
        checks = self._others if self._numbers_are_right(features) else self._checks
        for field, check in checks:
            name, value = field.name, value_of(field.name)
            if field.alias and (aliased := value_of(field.alias)) is not None:
                if value is not None:
                    problems.append(
                        _problem(field.alias, f"the same as {name}; send one of the two.")
                    )
                    continue
                name, value = field.alias, aliased
            if value is not None:
                message = check(value, field)
                if message:
                    problems.append(_problem(name, message))
            elif field.required:
                problems.append(_problem(name, "missing; it is required."))
        return problems

    def renamed(self, features: Mapping[str, Any]) -> dict[str, Any]:
        """Return valid features under the fields' own names, without those left empty."""
        names = self._names
        return {names[name]: value for name, value in features.items() if value is not None}

    def _numbers_are_right(self, features: Mapping[str, Any]) -> bool:
        """Tell of all numbers at once, and so soon, whether nothing is to be said of any of them.

        False says nothing: one that is not required may be missing.
        """
        numbers: list[Any] = [*map(features.get, self._numbers)]
        return (
            _NUMBERS.issuperset(map(type, numbers))
            and all(map(math.isfinite, numbers))
            and all(features[name] > 0 for name in self._positive)
        )

    def _unknown(self, name: str) -> dict[str, str]:
        known = ", ".join(field.name for field in self.fields)
        return _problem(name, f"unknown; send only {known}.")


# Exactly these: a boolean is an int, too.
_NUMBERS: Final = frozenset({int, float})


def _problem(name: str, message: str) -> dict[str, str]:
    return {"field": name, "message": message}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004 - what fits a line


def _number(value: Any, field: Field) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{_shown(value)} is not a number; send one such as 12.5."
    if not math.isfinite(value):
        return f"{value} is not finite; send a number such as 12.5."
    if field.positive and value <= 0:
        return f"{_shown(value)} is not greater than 0."
    return ""


def _identifier(value: Any, _field: Field) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        return f"{_shown(value)} is not an identifier; send text or a whole number."
    return _too_long(str(value))


def _identifiers(value: Any, field: Field) -> str:
    if not isinstance(value, list):
        return f'{_shown(value)} is not a list of identifiers; send one such as ["a", "b"].'
    if len(value) > MAX_IDENTIFIERS:
        return f"{len(value)} identifiers; send at most {MAX_IDENTIFIERS}."
    problems = ((place, _identifier(each, field)) for place, each in enumerate(value))
    return next((f"at place {place}: {problem}" for place, problem in problems if problem), "")


def _text(value: Any, _field: Field) -> str:
    if not isinstance(value, str):
        return f"{_shown(value)} is not text; send a string."
    return _too_long(value)


def _too_long(text: str) -> str:
    return f"longer than {MAX_TEXT} characters; shorten it." if len(text) > MAX_TEXT else ""


def _timestamp(value: Any, _field: Field) -> str:
    try:
        moment = parse_moment(value)
    except (TypeError, ValueError):
        return f"{_shown(value)} is not a moment; send one such as 2026-03-01T09:30:00Z."
    if moment < EARLIEST_MOMENT:
        return f"{value} lies before {EARLIEST_MOMENT:%Y-%m-%d}; send when it happened."
    if moment > datetime.now(UTC) + CLOCK_TOLERANCE:
        return f"{value} lies in the future; check the clock, and send when it happened."
    return ""


def _boolean(value: Any, _field: Field) -> str:
    return "" if isinstance(value, bool) else f"{_shown(value)} is not true or false."


def _object(value: Any, _field: Field) -> str:
    return "" if isinstance(value, dict) else f"{_shown(value)} is not an object."


def _objects(value: Any, _field: Field) -> str:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return f"{_shown(value)} is not a list of objects."
    if len(value) > MAX_OBJECTS:
        return f"{len(value)} objects; send at most {MAX_OBJECTS}."
    return ""


_CHECKS: Final[dict[str, Callable[[Any, Field], str]]] = {
    "number": _number,
    "identifier": _identifier,
    "identifiers": _identifiers,
    "text": _text,
    "timestamp": _timestamp,
    "boolean": _boolean,
    "object": _object,
    "objects": _objects,
}
