"""Ratings as ordered histories, divided by each user's last items."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import pandas as pd
from scipy import sparse

from benchmarks.tables import moments, present_columns, read_table, require_columns
from mlops_platform.errors import DataValidationError

# What the optional column is called, unless it is named.
TIMESTAMP: Final = "timestamp"
# Interactions at the end of each user's history: these many for the test, as many for validation.
N_HELD_OUT: Final = 10


@dataclass(frozen=True)
class Columns:
    """Names of the columns that identify an interaction.

    Of `timestamp` None stands for the usual name, if a table has it; nothing for none. Without
    timestamps the order of the rows is the order in time.
    """

    user: str
    item: str
    timestamp: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Division:
    """What a model may learn from and what it is to find.

    Parameters
    ----------
    places : csr_matrix of shape (n_users, n_items)
        Histories; 1 for the newest item that may be seen, 2 for the one before.
    relevant : csr_matrix of shape (n_users, n_items)
        1 for each item of the held-out stretch.
    """

    places: sparse.csr_matrix
    relevant: sparse.csr_matrix


@dataclass(frozen=True)
class Ratings:
    """Interactions, one for each pair of user and item, ordered by user, timestamp and item.

    A user with too few interactions for both held-out stretches is kept in training and is not
    asked: a stretch is judged only for users who have at least one interaction before it.

    Parameters
    ----------
    table : columns `user`, `item` (numbers from 0), `left` (interactions that follow)
    item_ids : identifiers in item-number order
    """

    table: pd.DataFrame
    item_ids: pd.Index

    @classmethod
    def read(cls, path: Path, columns: Columns) -> Self:
        """Read a Parquet or CSV table; of a repeated pair the last interaction counts.

        Raises
        ------
        DataValidationError
            A column is absent, or a row lacks a value or has a timestamp that is none.
        """
        raw = read_table(path)
        pair = [columns.user, columns.item]
        require_columns(raw, path, pair, "--user-column and --item-column")
        dated = present_columns(raw, path, columns.timestamp, (TIMESTAMP,), "--timestamp-column")
        lacking = raw[[*pair, *dated]].isna().any(axis=1).to_numpy()
        if lacking.any():
            raise DataValidationError(
                f"{path}: {lacking.sum()} rows lack {' or '.join([*pair, *dated])}, the first is "
                f"row {np.flatnonzero(lacking)[0] + 1}. Fill them in or leave them out."
            )
        time = _in_time(raw[dated[0]]) if dated else np.arange(len(raw))
        user, _ = pd.factorize(raw[columns.user], sort=True)
        item, item_ids = pd.factorize(raw[columns.item], sort=True)
        table = pd.DataFrame({"user": user, "item": item, "time": time})
        table = table.sort_values(["user", "time", "item"], kind="stable")
        table = table.drop_duplicates(["user", "item"], keep="last")[["user", "item"]]
        table["left"] = table.groupby("user").cumcount(ascending=False)
        return cls(table, pd.Index(item_ids))

    def validation(self) -> Division:
        """Return training histories and the stretch before the test's."""
        return self._divided(N_HELD_OUT, 2 * N_HELD_OUT)

    def test(self) -> Division:
        """Return training and validation as histories, and the last stretch."""
        return self._divided(0, N_HELD_OUT)

    def _divided(self, first: int, last: int) -> Division:
        left = self.table["left"].to_numpy()
        long_enough = self.table.groupby("user")["left"].transform("max").to_numpy() >= last
        seen = left >= np.where(long_enough, last, first)
        held_out = long_enough & (left >= first) & (left < last)
        place = left - np.where(long_enough, last, first) + 1
        return Division(self._matrix(seen, place), self._matrix(held_out, np.ones_like(left)))

    def _matrix(self, rows: np.ndarray, values: np.ndarray) -> sparse.csr_matrix:
        chosen = self.table[rows]
        shape = (int(self.table["user"].max()) + 1, len(self.item_ids))
        entries = (values[rows].astype(np.float32), (chosen["user"], chosen["item"]))
        return sparse.csr_matrix(entries, shape=shape)


def _in_time(column: pd.Series) -> pd.Series:
    """Return what orders a column of timestamps: numbers by themselves, other ones as moments."""
    return column if pd.api.types.is_numeric_dtype(column) else moments(column)
