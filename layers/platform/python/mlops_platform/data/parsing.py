"""Read a column as what its schema says, naming the rows that cannot be."""

import math
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mlops_platform.data.problems import rows_shown
from mlops_platform.data.tables import Column, Kind
from mlops_platform.moments import parse_moment

TIMESTAMP = pa.timestamp("us", tz="UTC")
ARROW_TYPES = {
    Kind.IDENTIFIER: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.TIMESTAMP: TIMESTAMP,
}
_WRITE = {
    Kind.IDENTIFIER: "text or a whole number",
    Kind.TEXT: "text",
    Kind.NUMBER: "a number such as 12.50",
    Kind.BOOLEAN: "true or false",
    Kind.TIMESTAMP: "a moment such as 2026-03-01T09:30:00Z",
}


_HOLDERS: dict[Kind, tuple[Callable[[pa.DataType], bool], ...]] = {
    Kind.IDENTIFIER: (pa.types.is_integer,),
    Kind.TEXT: (pa.types.is_integer,),
    Kind.NUMBER: (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal),
    Kind.BOOLEAN: (pa.types.is_boolean, pa.types.is_integer),
    Kind.TIMESTAMP: (pa.types.is_timestamp, pa.types.is_date),
}


def decoded(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column without its encoding: dictionaries looked up, all text of one type.

    pandas writes texts as ``large_string`` or as a dictionary, other libraries as ``string``.
    """
    if pa.types.is_dictionary(values.type):
        chunks = [chunk.dictionary_decode() for chunk in values.chunks]
        values = pa.chunked_array(chunks, values.type.value_type)
    if pa.types.is_large_string(values.type) or pa.types.is_string_view(values.type):
        values = values.cast(pa.string())
    return values


def parse_column(values: pa.ChunkedArray, column: Column) -> tuple[pa.ChunkedArray, str]:
    """Return the column in its schema's type, and what is wrong with it (empty if nothing is).

    Values that cannot be read are null in what is returned. `values` must be `decoded`.
    """
    wanted = ARROW_TYPES[column.kind]
    if not _may_hold(values.type, column.kind):
        return pa.chunked_array([pa.nulls(len(values), wanted)]), (
            f"it holds {values.type}, which cannot be read as {column.kind}; "
            f"write {_WRITE[column.kind]}"
        )
    try:
        return _cast(values, column.kind), ""
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return _parse_rows(values, column.kind)


def _may_hold(arrow: pa.DataType, kind: Kind) -> bool:
    """Whether values of an Arrow type can stand for a kind at all."""
    checks = [pa.types.is_null, pa.types.is_string, *_HOLDERS[kind]]
    return any(check(arrow) for check in checks)


def _cast(values: pa.ChunkedArray, kind: Kind) -> pa.ChunkedArray:
    """Cast the whole column at once; a single value that does not fit raises."""
    if kind is Kind.BOOLEAN and pa.types.is_integer(values.type):
        # Any whole number casts to a boolean; only 0 and 1 mean one.
        values = values.cast(pa.string())
    if kind is Kind.TIMESTAMP and pa.types.is_timestamp(values.type):
        return _microseconds(values)
    if kind is Kind.TIMESTAMP and pa.types.is_string(values.type):
        # Arrow wants all or no values to carry a zone; the rows are read one by one instead.
        raise pa.ArrowInvalid
    return values.cast(ARROW_TYPES[kind])


def _microseconds(values: pa.ChunkedArray) -> pa.ChunkedArray:
    # Nanoseconds are cut off; in coarser units a moment may be too far away to be counted.
    unit = pa.timestamp("us", values.type.tz)
    cut = values.cast(unit, safe=values.type.unit != "ns")
    return cut.cast(TIMESTAMP) if values.type.tz else pc.assume_timezone(cut, "UTC")


def _parse_rows(values: pa.ChunkedArray, kind: Kind) -> tuple[pa.ChunkedArray, str]:
    """Read a column value by value, to know which rows cannot be read."""
    # As text, because Python cannot hold every moment that Arrow can.
    values = values.cast(pa.string())
    parse = _PARSERS[kind]
    known: dict[Any, Any] = {}
    out: list[Any] = []
    bad: list[int] = []
    for row, value in enumerate(values.to_pylist(), start=1):
        if value not in known:
            known[value] = None if value is None or value == "" else _try(parse, value)
        out.append(known[value])
        if known[value] is None and value not in (None, ""):
            bad.append(row)
    parsed = pa.chunked_array([pa.array(out, ARROW_TYPES[kind])])
    if not bad:
        return parsed, ""
    samples = [values[row - 1].as_py() for row in bad[:10]]
    return parsed, f"{rows_shown(bad, samples)} cannot be read as {kind}; write {_WRITE[kind]}"


def _try(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text.strip())
    except (ValueError, KeyError):
        return None


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_PARSERS: dict[Kind, Callable[[str], Any]] = {
    Kind.IDENTIFIER: str,
    Kind.TEXT: str,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: lambda text: _BOOLEANS[text.lower()],
    Kind.TIMESTAMP: parse_moment,
}
