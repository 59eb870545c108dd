"""Tables that users bring to a benchmark."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlops_platform.errors import DataValidationError

# Numbers that tell a moment count from 1970: seconds, or a thousandth, a millionth or a billionth.
# Each unit's numbers of the years 1973 to 5138 are told apart by their size.
_SMALLEST: Final = {"ns": 1e17, "us": 1e14, "ms": 1e11}
_TRUTHS: Final = {
    **dict.fromkeys(("1", "1.0", "true", "yes", "y"), 1.0),
    **dict.fromkeys(("0", "0.0", "false", "no", "n"), 0.0),
}
_FIRST_PART: Final = r"^\s*(\d{1,2})[-/. ]"
N_MONTHS: Final = 12


def read_table(path: Path) -> pd.DataFrame:
    """Read a Parquet or CSV file by its suffix; columns are named by texts.

    Raises
    ------
    DataValidationError
        There is no such file, it is of another kind, it cannot be read, or it has no rows.
    """
    is_parquet = path.suffix == ".parquet"
    if not is_parquet and not path.name.endswith((".csv", ".csv.gz")):
        raise DataValidationError(f"{path} is neither .parquet nor .csv: convert it first.")
    try:
        table = pd.read_parquet(path) if is_parquet else pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise DataValidationError(f"{path} cannot be read: {error}") from error
    if table.empty:
        raise DataValidationError(f"{path} has no rows.")
    return table.rename(columns=str)


def require_columns(table: pd.DataFrame, path: Path, names: Iterable[str], options: str) -> None:
    """Raise a `DataValidationError` that says which columns are absent, and which are there.

    Parameters
    ----------
    table, path
        What was read, and from where.
    names
        The columns that are needed.
    options
        The command line's options that name them, as a reader would list them.
    """
    absent = sorted(set(names) - set(table.columns))
    if absent:
        raise DataValidationError(
            f"{path} has no column {', '.join(absent)}; its columns are "
            f"{', '.join(table.columns)}. Name yours by {options}."
        )


def present_columns(
    table: pd.DataFrame,
    path: Path,
    named: Sequence[str] | None,
    usual: Sequence[str],
    option: str,
) -> tuple[str, ...]:
    """Return the columns that were named, or else those of the usual ones that are there.

    Parameters
    ----------
    table, path
        What was read, and from where.
    named
        The option's value; None if it was not given.
    usual
        What such columns are often called.
    option
        The command line's option.

    Raises
    ------
    DataValidationError
        A named column is absent.
    """
    if named is None:
        return tuple(name for name in usual if name in table)
    require_columns(table, path, named, option)
    return tuple(named)


def column_list(text: str) -> tuple[str, ...]:
    """Read an option's columns, separated by commas; an empty text names none."""
    return tuple(name for name in text.split(",") if name)


def numbers(column: pd.Series) -> NDArray[np.float64]:
    """Return a column's numbers, of shape (n,); NaN where there is none.

    Raises
    ------
    DataValidationError
        It holds something that is no number, such as ``£ 5``.
    """
    found: pd.Series = pd.to_numeric(_plain(column), errors="coerce")
    _refuse(column, found.isna(), "no number; write numbers without signs of money or thousands")
    values: NDArray[np.float64] = found.to_numpy(dtype=np.float64, na_value=np.nan)
    return values


def truths(column: pd.Series) -> NDArray[np.float64]:
    """Return 1 for true and 0 for false, of shape (n,); NaN where there is neither.

    Raises
    ------
    DataValidationError
        It holds something that is neither.

    Examples
    --------
    >>> truths(pd.Series(["Yes", "no", None]))
    array([ 1.,  0., nan])
    """
    texts = column.astype("str").str.strip().str.lower()
    found: pd.Series = texts.map(_TRUTHS)
    _refuse(column, found.isna(), "neither true nor false; write 1 and 0")
    values: NDArray[np.float64] = found.to_numpy(dtype=np.float64, na_value=np.nan)
    return values


def moments(column: pd.Series) -> pd.Series:
    """Return a column's moments in UTC, ``NaT`` where there is none.

    Numbers count from 1970, in seconds or in milli-, micro- or nanoseconds. Of dates that can be
    read either way, ``3/4/2024``, the month comes first, unless another row shows that it does not.

    Raises
    ------
    DataValidationError
        It holds something that is no moment.

    Examples
    --------
    >>> moments(pd.Series(["3/4/2024", "31/3/2024"])).dt.month.tolist()
    [4, 3]
    >>> moments(pd.Series([1_700_000_000_000])).dt.year.tolist()
    [2023]
    """
    if pd.api.types.is_numeric_dtype(column):
        largest = column.abs().max()
        unit: Any = next((name for name, least in _SMALLEST.items() if largest >= least), "s")
        numbered: pd.Series = pd.to_datetime(column, unit=unit, utc=True)
        return numbered
    plain = _plain(column)
    found = pd.to_datetime(plain, utc=True, errors="coerce", format="ISO8601")
    if (found.isna() & plain.notna()).any():
        day_first = plain.astype("str").str.extract(_FIRST_PART, expand=False).astype(float).max()
        mixed = pd.to_datetime(
            plain, utc=True, errors="coerce", format="mixed", dayfirst=bool(day_first > N_MONTHS)
        )
        found = found.fillna(mixed)
    _refuse(column, found.isna(), "no moment; write dates as 2024-12-31 or 2024-12-31T23:59:59")
    return found


def _plain(column: pd.Series) -> pd.Series:
    """Return categories as what they are categories of."""
    return column.astype(column.cat.categories.dtype) if _is_category(column) else column


def _is_category(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def _refuse(column: pd.Series, not_read: pd.Series, problem: str) -> None:
    """Raise if a value that is there was not read."""
    wrong = np.flatnonzero(not_read.to_numpy() & column.notna().to_numpy())
    if len(wrong):
        raise DataValidationError(
            f"Column {column.name}: {len(wrong)} values, the first {column.iloc[wrong[0]]!r} in "
            f"row {wrong[0] + 1}, are {problem}."
        )
