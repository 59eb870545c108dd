"""Check tables against their documented schema; one module for Lambda, training and laptops."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from mlops_platform.data.further_columns import alike
from mlops_platform.data.parsing import ARROW_TYPES, decoded, parse_column
from mlops_platform.data.problems import SHOWN_ROWS, Problem, raise_all, rows_shown
from mlops_platform.data.reading import read_file, table_files
from mlops_platform.data.references import check_references
from mlops_platform.data.tables import Column, Kind, TableSchema, table_named
from mlops_platform.errors import DataValidationError

# Features count seconds since then; what lies before it was written in another unit or by accident.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def load_tables(folders: Mapping[str, Path], *, as_of: datetime) -> dict[str, pa.Table]:
    """Read and check tables, each from its folder.

    Parameters
    ----------
    folders
        Table name → folder of its Parquet and CSV files.
    as_of
        The moment of asking. A row is in the future if it lies after it and after now.

    Returns
    -------
    dict
        Table name → table with the schema's columns in their types; further columns as they came,
        or as text where files hold them in types that do not go together.

    Raises
    ------
    DataValidationError
        Something is wrong; the message lists every problem of every table.
    """
    problems: list[Problem] = []
    tables: dict[str, pa.Table] = {}
    for name, folder in folders.items():
        try:
            tables[name] = _load(table_named(name), folder, as_of, problems)
        except DataValidationError as error:
            problems.append(Problem(name, str(error)))
    check_references(tables, problems)
    raise_all(problems)
    return tables


def _load(schema: TableSchema, folder: Path, as_of: datetime, problems: list[Problem]) -> pa.Table:
    """Read one table's files into one, noting what is wrong with each."""
    latest = max(as_of, datetime.now(UTC))
    parts = {}
    for path in table_files(folder):
        where = f"{schema.name}/{path.relative_to(folder)}"
        parts[where] = _check_file(read_file(path), schema, where, latest, problems)
    documented = [column.name for column in schema.columns]
    table = pa.concat_tables(alike(parts, documented, problems), promote_options="permissive")
    if table.num_rows == 0:
        problems.append(Problem(schema.name, "the table has no rows; put some there"))
    for column in schema.columns:
        if column.unique:
            _check_unique(table, column, schema.name, problems)
    return table


def _check_file(
    raw: pa.Table, schema: TableSchema, where: str, latest: datetime, problems: list[Problem]
) -> pa.Table:
    """Return one file's table in the schema's types, noting what is wrong with it."""
    table = raw
    for column in schema.columns:
        place = f"{where}, column {column.name}"
        if column.name not in raw.column_names:
            if column.required:
                problems.append(Problem(place, _missing(raw)))
            nulls = pa.nulls(raw.num_rows, ARROW_TYPES[column.kind])
            table = table.append_column(column.name, nulls)
            continue
        given = decoded(raw[column.name])
        values, unreadable = parse_column(given, column)
        if unreadable:
            problems.append(Problem(place, unreadable))
        wrong = _value_problems(values, _is_empty(given, values), column, latest)
        problems.extend(Problem(place, message) for message in wrong)
        table = table.set_column(table.column_names.index(column.name), column.name, values)
    return table


def _missing(raw: pa.Table) -> str:
    return f"it is missing; the file has {', '.join(raw.column_names) or 'no columns'}. Add it"


def _is_empty(given: pa.ChunkedArray, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether a value was left out, as against written but unreadable."""
    empty = pc.is_null(given, nan_is_null=True)
    if pa.types.is_string(given.type):
        empty = pc.or_(empty, pc.fill_null(pc.equal(given, ""), fill_value=False))
    if pa.types.is_floating(values.type):
        empty = pc.or_(empty, pc.fill_null(pc.is_nan(values), fill_value=False))
    return empty


def _value_problems(
    values: pa.ChunkedArray, empty: pa.ChunkedArray, column: Column, latest: datetime
) -> list[str]:
    """Say which rows are empty, infinite, not positive or of an impossible time."""
    checks = []
    if not column.nullable:
        checks.append(("empty; fill it or leave the row out", empty))
    if column.kind is Kind.NUMBER:
        checks.append(("infinite; write a finite number", pc.is_inf(values)))
    if column.positive:
        checks.append(("not greater than 0; amounts are positive", pc.less_equal(values, 0.0)))
    if column.past:
        early = pc.less(values, pa.scalar(EARLIEST, values.type))
        future = pc.greater(values, pa.scalar(latest, values.type))
        checks.append((f"before {EARLIEST:%Y-%m-%d}; check the clock and the unit", early))
        checks.append((f"in the future of {latest:%Y-%m-%dT%H:%M:%SZ}; check the clock", future))
    found = [(what, _rows(mask)) for what, mask in checks]
    return [f"{rows_shown(rows)} is {what}" for what, rows in found if rows]


def _rows(mask: pa.ChunkedArray) -> list[int]:
    """Return the numbers, from 1, of the rows where a mask is true."""
    if len(mask) == 0:  # pyarrow 25 crashes on a column without chunks
        return []
    found = pc.indices_nonzero(pc.fill_null(mask, fill_value=False))
    return [int(index) + 1 for index in found.to_pylist()]


def _check_unique(table: pa.Table, column: Column, where: str, problems: list[Problem]) -> None:
    counts = pc.value_counts(table[column.name].drop_null())
    repeated = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    if len(repeated):
        examples = ", ".join(map(repr, repeated[:SHOWN_ROWS].to_pylist()))
        problems.append(
            Problem(
                f"{where}, column {column.name}",
                f"{len(repeated)} values stand more than once, e.g. {examples}; keep one row each",
            )
        )
