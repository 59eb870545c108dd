"""Transactions and what users call them, as the arrays that categorization's training works on."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlops_platform.models.categorization.features import Transaction, from_columns
from mlops_platform.models.categorization.signature import CONTEXT
from mlops_platform.training.epoch_seconds import epoch_seconds

Int64s = NDArray[np.int64]

NOT_KNOWN: Final = np.iinfo(np.int64).max
NO_CATEGORY: Final = ""


@dataclass(frozen=True)
class CategorizationDataset:
    """Transactions in time order, as columns of shape (n,).

    Parameters
    ----------
    transaction_id
        Their ids.
    timestamp
        Epoch seconds.
    transactions
        What the model may see of each.
    category
        What its user calls it, `NO_CATEGORY` where nobody has said.
    known_timestamp
        Since when that is known, epoch seconds; `NOT_KNOWN` where it is not.
    """

    transaction_id: NDArray[np.object_]
    timestamp: Int64s
    transactions: list[Transaction]
    category: NDArray[np.str_]
    known_timestamp: Int64s

    def __len__(self) -> int:
        return len(self.timestamp)

    def before(self, moment: int) -> "CategorizationDataset":
        """Return what had happened, and was known, before an epoch second."""
        n = int(np.searchsorted(self.timestamp, moment))
        known = self.known_timestamp[:n] < moment
        return CategorizationDataset(
            transaction_id=self.transaction_id[:n],
            timestamp=self.timestamp[:n],
            transactions=self.transactions[:n],
            category=np.where(known, self.category[:n], NO_CATEGORY),
            known_timestamp=np.where(known, self.known_timestamp[:n], NOT_KNOWN),
        )

    def labelled(self, window: NDArray[np.bool_], known_before: int) -> Int64s:
        """Return the rows of a window, a mask of shape (n,), whose labels were known by then."""
        return np.flatnonzero(window & (self.known_timestamp < known_before))

    def taken(self, rows: Int64s) -> list[Transaction]:
        """Return the transactions of some rows."""
        return [self.transactions[row] for row in rows]

    def user(self, row: int) -> str:
        """Return whose transaction a row is."""
        return self.transactions[row].context["user_id"] or ""


def from_tables(transactions: pd.DataFrame, labels: pd.DataFrame) -> CategorizationDataset:
    """Join validated tables into a dataset in time order (ties by transaction_id).

    Parameters
    ----------
    transactions, labels
        The documented tables ``transactions`` and ``category_labels``; timestamps are UTC.
    """
    ordered = transactions.assign(seconds=epoch_seconds(transactions["timestamp"]))
    ordered = ordered.sort_values(["seconds", "transaction_id"], kind="stable")
    row = pd.Index(labels["transaction_id"]).get_indexer(pd.Index(ordered["transaction_id"]))
    labelled = row >= 0
    known = np.full(len(ordered), NOT_KNOWN, dtype=np.int64)
    known[labelled] = epoch_seconds(labels["label_timestamp"])[row[labelled]]
    category = np.full(len(ordered), NO_CATEGORY, dtype=object)
    category[labelled] = labels["category"].to_numpy(dtype=object)[row[labelled]]
    seconds = ordered["seconds"].to_numpy()
    return CategorizationDataset(
        transaction_id=ordered["transaction_id"].to_numpy(dtype=object),
        timestamp=seconds,
        transactions=from_columns(
            ordered["description"].fillna("").tolist(),
            ordered["amount"].to_numpy(dtype=np.float64),
            {name: _texts(ordered[name]) for name in CONTEXT},
            seconds.tolist(),
        ),
        category=category.astype(str),
        known_timestamp=known,
    )


def _texts(column: "pd.Series[str]") -> list[str | None]:
    """Return a column as text, None where it is empty."""
    return [None if pd.isna(value) else str(value) for value in column]
