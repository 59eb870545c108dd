"""Rows that are about to be added to a table must not stand in its other files."""

from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.compute as pc

from mlops_platform.aws.s3_file import S3File
from mlops_platform.data.parsing import decoded, parse_column
from mlops_platform.data.problems import SHOWN_ROWS, Problem, raise_all
from mlops_platform.data.reading import SUFFIXES, read_column
from mlops_platform.data.tables import Column, table_named
from mlops_platform.pipeline.table_objects import DataBucket, TableObject

_N_READERS = 8


def refuse_known_rows(bucket: DataBucket, table: str, rows: pa.Table, *, replacing: str) -> None:
    """Compare the unique column of new rows with that of the table's files in the bucket.

    Parameters
    ----------
    bucket
        Where the table's files lie; of Parquet files the unique column alone is read.
    table
        The table's name.
    rows
        What is to be added, in the schema's types.
    replacing
        The key that it gets; a file that stands there now does not count.

    Raises
    ------
    DataValidationError
        Some rows stand in other files; the message names each file with examples.
    """
    # What is neither Parquet nor CSV holds no rows; training names it.
    others = [
        entry
        for entry in bucket.objects(table)
        if entry.key != replacing and entry.key.endswith(SUFFIXES)
    ]
    unique = [column for column in table_named(table).columns if column.unique]
    problems: list[Problem] = []
    with ThreadPoolExecutor(_N_READERS, thread_name_prefix="read") as readers:
        for column in unique:
            values = readers.map(lambda entry, of=column: _read(bucket, entry, of), others)
            for entry, known in zip(others, values, strict=True):
                _compare(entry.key, known, rows[column.name], problems)
    raise_all(problems)


def _read(bucket: DataBucket, entry: TableObject, column: Column) -> pa.ChunkedArray:
    with S3File(
        bucket.s3, bucket=bucket.name, key=entry.key, etag=entry.etag, size=entry.size
    ) as file:
        values = read_column(cast("BinaryIO", file), entry.key, column.name)
    return parse_column(decoded(values), column)[0]


def _compare(
    key: str, known: pa.ChunkedArray, new: pa.ChunkedArray, problems: list[Problem]
) -> None:
    shared = new.filter(pc.is_in(new, value_set=known.drop_null()))
    if len(shared):
        examples = ", ".join(map(repr, shared[:SHOWN_ROWS].to_pylist()))
        problems.append(
            Problem(
                key,
                f"it holds {len(shared)} of the {len(new)} rows already, e.g. {examples}; drop "
                "them from the new file, or give it this name to replace the old one",
            )
        )
