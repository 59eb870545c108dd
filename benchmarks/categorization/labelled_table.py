"""Any table of labelled transactions, read for the benchmark."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.tables import moments, numbers, present_columns, read_table, require_columns
from mlops_platform.errors import DataValidationError
from mlops_platform.models.categorization.features import Transaction, from_columns, hashed_rows
from mlops_platform.models.categorization.hashed_rows import HashedRows

# What the optional columns are called, unless they are named.
AMOUNT: Final = "amount"
DATE: Final = "date"
CONTEXT: Final = ("card_id", "department", "directorate", "vat")


@dataclass(frozen=True)
class ColumnNames:
    """What the columns are called.

    Of the optional ones None stands for the usual name, if a table has it; nothing for none.
    """

    text: str
    label: str
    amount: tuple[str, ...] | None = None
    date: tuple[str, ...] | None = None
    context: tuple[str, ...] | None = None


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
        Epoch seconds, NaN where a row has no date; None if there is no date column.
    """

    transactions: list[Transaction]
    rows: HashedRows
    label: NDArray[np.str_]
    raw: pd.DataFrame
    moment: NDArray[np.float64] | None

    @classmethod
    def read(cls, path: Path, names: ColumnNames) -> Self:
        """Take the named columns out of a Parquet or CSV file; see `from_frame`."""
        return cls.from_frame(read_table(path), path, names)

    @classmethod
    def from_frame(cls, raw: pd.DataFrame, path: Path, names: ColumnNames) -> Self:
        """Take the named columns out of a file's table; rows without a label are left out.

        Raises
        ------
        DataValidationError
            A column is absent, no row has a label or none a text, or amounts or dates are none.
        """
        require_columns(raw, path, (names.text, names.label), "--text and --label")
        raw = raw[raw[names.label].notna()].reset_index(drop=True)
        text = ["" if value is None else value for value in _texts(raw[names.text])]
        if not any(character.isalnum() for value in text for character in value):
            raise DataValidationError(
                f"No row of {path} has both a label in {names.label} and a text in {names.text}. "
                "Name the right columns by --text and --label."
            )
        context = present_columns(raw, path, names.context, CONTEXT, "--context")
        amounts = present_columns(raw, path, names.amount, (AMOUNT,), "--amount")
        dates = present_columns(raw, path, names.date, (DATE,), "--date")
        moment = _epoch_seconds(raw[dates[0]]) if dates else None
        transactions = from_columns(
            text,
            numbers(raw[amounts[0]]) if amounts else None,
            {name: _texts(raw[name]) for name in context},
            None
            if moment is None
            else [None if math.isnan(second) else int(second) for second in moment],
        )
        rows = hashed_rows(transactions)
        label = raw[names.label].astype("str").to_numpy(dtype=str)
        return cls(transactions, rows, label, raw, moment)


def _epoch_seconds(column: pd.Series) -> NDArray[np.float64]:
    since: Any = moments(column) - pd.Timestamp(0, tz="UTC")
    return np.asarray(np.floor(since.dt.total_seconds()), dtype=np.float64)


def _texts(column: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else str(value) for value in column]
