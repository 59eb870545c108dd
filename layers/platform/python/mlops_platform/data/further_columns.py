"""Columns that no schema names: kept, in one type for all files of a table."""

from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa

from mlops_platform.data.problems import Problem


def alike(
    parts: Mapping[str, pa.Table], documented: Collection[str], problems: list[Problem]
) -> list[pa.Table]:
    """Return a table's files such that they can be put together.

    A further column that files hold in different types (a CSV's columns are all text) gets the
    type that holds all their values: a wider number, or else text.

    Parameters
    ----------
    parts
        Where a file stands → what it holds.
    documented
        The schema's columns, which have their types already.
    problems
        Gets the columns that cannot even be written as text; they are left out.
    """
    tables = dict(parts)
    further = {name for table in tables.values() for name in table.column_names} - {*documented}
    for name in sorted(further):
        columns = {
            where: table[name] for where, table in tables.items() if name in table.column_names
        }
        if len({column.type for column in columns.values()}) == 1:
            continue
        cast = _in_one_type(list(columns.values()))
        if cast is None:
            problems.append(_unlike(name, columns))
        for position, where in enumerate(columns):
            tables[where] = tables[where].drop_columns([name])
            if cast is not None:
                tables[where] = tables[where].append_column(name, cast[position])
    return list(tables.values())


def _in_one_type(columns: Sequence[pa.ChunkedArray]) -> list[pa.ChunkedArray] | None:
    """Return columns in their common type, or as text; None where neither is possible."""
    for wanted in (*_promoted(columns), pa.string()):
        try:
            return [column.cast(wanted) for column in columns]
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            # Some value does not fit, e.g. a whole number too large for a floating one.
            continue
    return None


def _promoted(columns: Sequence[pa.ChunkedArray]) -> list[pa.DataType]:
    """Return the type that Arrow promotes all the columns' types to, if there is one."""
    schemas = [pa.schema([("column", column.type)]) for column in columns]
    try:
        return [pa.unify_schemas(schemas, promote_options="permissive").field(0).type]
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return []


def _unlike(name: str, columns: Mapping[str, pa.ChunkedArray]) -> Problem:
    types = {where: column.type for where, column in columns.items()}
    first, one = next(iter(types.items()))
    second, other = next(item for item in types.items() if item[1] != one)
    return Problem(
        f"{first}, column {name}",
        f"it holds {one}, but {other} in {second}; write it alike in all files or leave it out",
    )
