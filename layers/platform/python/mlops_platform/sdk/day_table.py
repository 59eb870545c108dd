"""Tables that people bring: times become days, and columns a model's input rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from mlops_platform.errors import DriftDataError
from mlops_platform.moments import as_utc, parse_moment

TIMESTAMP: Final = "timestamp"
SCORE: Final = "score"
_MICROSECONDS: Final = "datetime64[us]"


@dataclass(frozen=True, eq=False)
class DayTable:
    """The rows of a table.

    Parameters
    ----------
    names
        Of the inputs.
    inputs, scores
        Of shapes (n, n_inputs) and (n,); scores are NaN where the table has none.
    day
        UTC days since 1970-01-01, of shape (n,).
    """

    names: tuple[str, ...]
    inputs: NDArray[np.float32]
    scores: NDArray[np.float32]
    day: NDArray[np.int64]

    @classmethod
    def read(cls, table: Any) -> Self:
        """Read a table of which every column but time and score is an input.

        Parameters
        ----------
        table
            A pandas DataFrame, an Arrow table or a mapping of arrays, with ``timestamp`` and
            perhaps ``score``.

        Raises
        ------
        DriftDataError
            It is no such table, has no rows, or a column is missing or cannot be read.
        """
        columns = _columns(table)
        inputs = tuple(name for name in columns if name not in {TIMESTAMP, SCORE})
        if not inputs:
            raise DriftDataError(
                f"The table lacks inputs; it has {', '.join(columns)}. Give {TIMESTAMP} and a "
                "column of numbers for each input."
            )
        return cls._of(columns, inputs, scored=SCORE in columns)

    @classmethod
    def read_like(cls, table: Any, inputs: Sequence[str], *, scored: bool) -> Self:
        """Read a table's columns that its reference has; others are left alone.

        Raises
        ------
        DriftDataError
            As for `read`.
        """
        return cls._of(_columns(table), tuple(inputs), scored=scored)

    @classmethod
    def _of(cls, columns: Mapping[str, Any], inputs: tuple[str, ...], *, scored: bool) -> Self:
        wanted = (TIMESTAMP, *inputs, *((SCORE,) if scored else ()))
        missing = [name for name in wanted if name not in columns]
        if missing:
            raise DriftDataError(
                f"The table lacks {', '.join(missing)}; it has {', '.join(columns)}. Give "
                f"{TIMESTAMP} and, to compare it, every column that its reference has."
            )
        day = _days(columns[TIMESTAMP])
        numbers = [_numbers(columns, name, len(day)) for name in wanted[1:]]
        scores = numbers.pop() if scored else np.full(len(day), np.nan, dtype=np.float32)
        return cls(inputs, np.column_stack(numbers), scores, day)


def _columns(table: Any) -> dict[str, Any]:
    """Return a table's columns by their names."""
    if not isinstance(table, Mapping) and not hasattr(table, "columns"):
        raise DriftDataError(
            f"What was given is {type(table).__name__}, no table. Give a pandas DataFrame, an "
            "Arrow table or a mapping of arrays."
        )
    names = list(getattr(table, "column_names", table))
    if len(set(names)) < len(names):
        repeated = sorted({str(name) for name in names if names.count(name) > 1})
        raise DriftDataError(
            f"The table has more than one column {', '.join(repeated)}; drop or rename the others."
        )
    return {str(name): table[name] for name in names}


def _days(column: Any) -> NDArray[np.int64]:
    """Return the UTC days, counted from 1970-01-01, of times; those without a zone are UTC's."""
    try:
        moments = _moments(column)
    except (TypeError, ValueError) as error:
        raise DriftDataError(
            f"Column {TIMESTAMP} holds no times: {error}. Give datetimes, or texts such as "
            "2026-03-01T09:30:00Z."
        ) from error
    if not len(moments):
        raise DriftDataError("The table has no rows; give whole days.")
    n_empty = int(np.isnat(moments).sum())
    if n_empty:
        raise DriftDataError(
            f"Column {TIMESTAMP} is empty in {n_empty} rows, which belong to no day; drop them."
        )
    return moments.astype("datetime64[D]").astype(np.int64)


def _moments(column: Any) -> NDArray[np.datetime64]:
    """Return times as NumPy's, in UTC."""
    # pandas' own times with a zone would become objects, which are read one by one.
    zoned = getattr(getattr(column, "dtype", None), "tz", None) is not None
    moments = np.asarray(column, dtype=_MICROSECONDS if zoned else None)
    if moments.dtype.kind == "M":
        return moments
    # Other times with a zone have no type of NumPy's; texts have none either.
    return np.array([_moment(each) for each in moments.tolist()], dtype=_MICROSECONDS)


def _moment(value: object) -> datetime:
    """Return one time in UTC, without its zone."""
    moment = as_utc(value) if isinstance(value, datetime) else parse_moment(str(value))
    return moment.replace(tzinfo=None)


def _numbers(columns: Mapping[str, Any], name: str, n_rows: int) -> NDArray[np.float32]:
    try:
        numbers = np.asarray(columns[name], dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise DriftDataError(
            f"Column {name} holds no numbers: {error}. Encode it as the model's inputs are."
        ) from error
    if numbers.shape != (n_rows,):
        raise DriftDataError(
            f"Column {name} is of shape {numbers.shape}, {TIMESTAMP} of ({n_rows},); give one "
            "number for each row."
        )
    return numbers
