"""Any table of labelled transactions, read for the benchmark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.tables import read_table
from mlops_platform.errors import DataValidationError
from mlops_platform.models.categorization.features import Transaction, from_columns, hashed_rows
from mlops_platform.models.categorization.hashed_rows import HashedRows


@dataclass(frozen=True)
class ColumnNames:
    """What the columns are called; None, or an absent optional one, for what a table lacks."""

    text: str
    label: str
    amount: str | None = None
    date: str | None = None
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelledTable:
    """Labelled transactions with their hashed rows, all of length n.

    Parameters
    ----------
    transactions, rows
        As the model sees them.
    label
        Their categories.
    raw
        The table as it was read, for split columns.
    moment
        Epoch seconds, None if there is no date column.
    """

    transactions: list[Transaction]
    rows: HashedRows
    label: NDArray[np.str_]
    raw: pd.DataFrame
    moment: NDArray[np.int64] | None

    @classmethod
    def read(cls, paths: Sequence[Path], names: ColumnNames) -> Self:
        """Read files, one below the other.

        Raises
        ------
        DataValidationError
            A file is of another kind, or lacks the text or the label column.
        """
        return cls.from_frame(pd.concat(map(read_table, paths), ignore_index=True), names)

    @classmethod
    def from_frame(cls, raw: pd.DataFrame, names: ColumnNames) -> Self:
        """Take the named columns out of a frame; rows without a label are left out."""
        for column in (names.text, names.label):
            if column not in raw:
                raise DataValidationError(
                    f"There is no column {column!r}; the columns are {', '.join(raw.columns)}. "
                    "Name the right ones with --text and --label."
                )
        raw = raw[raw[names.label].notna()].reset_index(drop=True)
        text = raw[names.text].fillna("").astype(str).tolist()
        moment = _moments(raw, names.date)
        transactions = from_columns(
            text,
            _amounts(raw, names.amount),
            {name: _categories(raw[name]) for name in names.context if name in raw},
            None if moment is None else moment.tolist(),
        )
        rows = hashed_rows(transactions)
        return cls(transactions, rows, raw[names.label].to_numpy().astype(str), raw, moment)


def _amounts(raw: pd.DataFrame, name: str | None) -> NDArray[np.float64] | None:
    if name is None or name not in raw:
        return None
    return pd.to_numeric(raw[name], errors="raise").to_numpy(dtype=np.float64, na_value=math.nan)


def _moments(raw: pd.DataFrame, name: str | None) -> NDArray[np.int64] | None:
    if name is None or name not in raw:
        return None
    moments: Any = pd.to_datetime(raw[name], utc=True)
    if moments.isna().any():
        raise DataValidationError(
            f"{int(moments.isna().sum())} rows have no {name}. Fill them, or leave --date out."
        )
    seconds: NDArray[np.int64] = moments.astype("datetime64[s, UTC]").astype("int64").to_numpy()
    return seconds


def _categories(column: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else str(value) for value in column]
