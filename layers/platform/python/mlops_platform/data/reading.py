"""Read a table's files, Parquet or CSV, as they are."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from mlops_platform.errors import DataValidationError

SUFFIXES = (".parquet", ".csv")


def table_files(folder: Path) -> list[Path]:
    """Return the table's files below a folder, sorted by name.

    Raises
    ------
    DataValidationError
        There are none, or one is of another type.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    strange = [path.name for path in files if path.suffix not in SUFFIXES]
    if strange:
        raise DataValidationError(
            f"Table {folder.name} has files that are neither Parquet nor CSV: "
            f"{', '.join(strange[:5])}. Convert or remove them."
        )
    if not files:
        raise DataValidationError(
            f"Table {folder.name} has no files. Put Parquet or CSV files with its columns there."
        )
    return files


def read_file(path: Path) -> pa.Table:
    """Read one file; a CSV's columns come as text, so that each bad value can be named.

    Raises
    ------
    DataValidationError
        The file is damaged or not what its name says, or a column's name stands in it twice.
    """
    with _damages_named(path.name):
        if path.suffix == ".parquet":
            _refuse_repeated(path, pyarrow.parquet.read_schema(path).names)
            return pyarrow.parquet.read_table(path)
        header = pyarrow.csv.open_csv(path).schema.names
        _refuse_repeated(path, header)
        return pyarrow.csv.read_csv(path, convert_options=_as_text(header))


def read_column(file: BinaryIO, name: str, column: str) -> pa.ChunkedArray:
    """Read one column of a file and, of Parquet, no more than that; a CSV's comes as text.

    Parameters
    ----------
    file
        The file, open; it must be seekable.
    name
        What it is called; its suffix says what it is.
    column
        The column; all null if the file has none of that name.

    Raises
    ------
    DataValidationError
        The file is damaged or not what its name says.
    """
    with _damages_named(name):
        if name.endswith(".parquet"):
            parquet = pyarrow.parquet.ParquetFile(file)
            if column not in parquet.schema_arrow.names:
                return pa.chunked_array([pa.nulls(parquet.metadata.num_rows)])
            return parquet.read(columns=[column])[column]
        convert = _as_text([column])
        convert.include_columns = [column]
        convert.include_missing_columns = True
        return pyarrow.csv.read_csv(file, convert_options=convert)[column]


def _as_text(columns: Iterable[str]) -> pyarrow.csv.ConvertOptions:
    return pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(columns, pa.string()),
        strings_can_be_null=True,
        # By default words such as NA are null as well, and NA is Namibia.
        null_values=[""],
    )


@contextmanager
def _damages_named(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise DataValidationError(
            f"{name} cannot be read as {name.rpartition('.')[2]}: {error}. Write the file anew."
        ) from error


def _refuse_repeated(path: Path, names: Iterable[str]) -> None:
    repeated = [f"{name!r} {count} times" for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise DataValidationError(
            f"{path.name} has the column {', '.join(repeated)}, so nobody can say which one is "
            "meant; keep one of each name and rename or drop the others."
        )
