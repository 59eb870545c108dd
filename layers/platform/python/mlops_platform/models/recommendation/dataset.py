"""Who took up what and when, as the arrays that recommendation's training works on."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from mlops_platform.bundle.signature import MAX_IDENTIFIERS
from mlops_platform.models.recommendation.catalogue import Catalogue, Customer
from mlops_platform.models.recommendation.signature import COLUMNS
from mlops_platform.training.epoch_seconds import epoch_seconds

Int64s = NDArray[np.int64]

# A column of more values is free text; its frequent ones tell something, the others are unknown.
MAX_VALUES: Final = 100


@dataclass(frozen=True)
class Choices:
    """Take-ups with what was known of their users right before each, n of them.

    Parameters
    ----------
    row : of shape (n,)
        The take-ups' rows in the dataset.
    places : csr_matrix of shape (n, n_items)
        What each user had: entries are places, 1 for the newest item.
    columns : of shape (n, n_columns)
        The users' values, see `Catalogue.column_rows`.
    item : of shape (n,)
        What was taken up.
    """

    row: Int64s
    places: sparse.csr_matrix
    columns: Int64s
    item: Int64s

    def __len__(self) -> int:
        return len(self.item)


@dataclass(frozen=True)
class RecommendationDataset:
    """Take-ups in the order of time, columns of shape (n,); each user takes an item up once.

    Parameters
    ----------
    timestamp
        Epoch seconds; a take-up is known from then on.
    user, item
        Numbers of the user and of the item.
    user_ids : of shape (n_users,)
        The users' ids.
    user_columns : of shape (n_users, n_columns)
        What is known of them, None where nothing is.
    catalogue
        The items, and the columns' values.
    kind : of shape (n_items,)
        Numbers of the items' kinds.
    """

    timestamp: Int64s
    user: Int64s
    item: Int64s
    user_ids: NDArray[np.object_]
    user_columns: NDArray[np.object_]
    catalogue: Catalogue
    kind: Int64s

    def __len__(self) -> int:
        return len(self.timestamp)

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.catalogue.item_ids)

    def places(self, window: NDArray[np.bool_]) -> sparse.csr_matrix:
        """Return what users took up in a window, a mask of shape (n,): histories of places.

        The matrix is of shape (n_users, n_items).
        """
        rows = np.flatnonzero(window)
        user = self.user[rows]
        newest_first = np.lexsort((-rows, user))
        sorted_user = user[newest_first]
        start = np.searchsorted(sorted_user, sorted_user)
        place = (np.arange(len(rows)) - start + 1).astype(np.float32)
        cells = (sorted_user, self.item[rows[newest_first]])
        return sparse.csr_matrix((place, cells), shape=(len(self.user_ids), self.n_items))

    def choices(self, row: Int64s) -> Choices:
        """Return some take-ups, given by their rows, with what came before each."""
        histories = [self.history(each) for each in row.tolist()]
        lengths = np.array([len(history) for history in histories], dtype=np.int64)
        places = [np.arange(length, 0, -1, dtype=np.float32) for length in lengths]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        nothing = np.zeros(0, dtype=np.int64)
        matrix = sparse.csr_matrix(
            (
                np.concatenate([np.zeros(0, dtype=np.float32), *places]),
                np.concatenate([nothing, *histories]),
                offsets,
            ),
            shape=(len(row), self.n_items),
        )
        return Choices(row, matrix, self.column_rows[self.user[row]], self.item[row])

    def history(self, row: int) -> Int64s:
        """Return the items that a take-up's user had before its moment, the oldest first.

        They are no more than a request may name.
        """
        rows = self._rows_of_users[self.user[row]]
        earlier = rows[self.timestamp[rows] < self.timestamp[row]]
        return np.asarray(self.item[earlier[-MAX_IDENTIFIERS:]])

    def customers(self, rows: Int64s) -> list[Customer]:
        """Return some take-ups' users as they were right before: what a request would have told."""
        ids = np.array(self.catalogue.item_ids, dtype=object)
        return [
            Customer(ids[self.history(row)].tolist(), self.columns_of(int(self.user[row])))
            for row in rows.tolist()
        ]

    def columns_of(self, user: int) -> dict[str, str | None]:
        """Return what is known of a user, by name."""
        return dict(zip(COLUMNS, self.user_columns[user].tolist(), strict=True))

    @cached_property
    def column_rows(self) -> Int64s:
        """The users' values as rows, of shape (n_users, n_columns)."""
        users = range(len(self.user_ids))
        return np.stack([self.catalogue.column_rows(self.columns_of(user)) for user in users])

    @cached_property
    def _rows_of_users(self) -> list[Int64s]:
        """Each user's rows, the oldest first."""
        by_user = np.argsort(self.user, kind="stable")
        ends = np.cumsum(np.bincount(self.user, minlength=len(self.user_ids)))
        return np.split(by_user, ends[:-1])


def from_tables(
    interactions: pd.DataFrame, items: pd.DataFrame, users: pd.DataFrame, as_of: int
) -> RecommendationDataset:
    """Join validated tables into the take-ups before an epoch second.

    An item counts from when its user first took it up; to take it up again is no new choice.

    Parameters
    ----------
    interactions, items, users
        The documented tables; timestamps are UTC. Who takes something up and is not in `users` is
        a user of whom nothing is known.
    as_of
        Epoch second before which data counts.
    """
    events = interactions.assign(seconds=epoch_seconds(interactions["timestamp"]))
    events = events[events["seconds"] < as_of].sort_values(["seconds", "user_id", "item_id"])
    events = events.drop_duplicates(["user_id", "item_id"])
    listed = items.sort_values("item_id")
    user_ids = np.unique(events["user_id"].to_numpy(dtype=object))
    known = users.set_index("user_id").reindex(user_ids)[list(COLUMNS)]
    catalogue = Catalogue(
        tuple(listed["item_id"]),
        tuple(listed["title"]),
        {name: _frequent(known[name]) for name in COLUMNS},
    )
    return RecommendationDataset(
        timestamp=events["seconds"].to_numpy(dtype=np.int64),
        user=np.searchsorted(user_ids, events["user_id"].to_numpy(dtype=object)),
        item=pd.Index(listed["item_id"]).get_indexer(pd.Index(events["item_id"])),
        user_ids=user_ids,
        user_columns=known.astype(object).where(known.notna(), None).to_numpy(dtype=object),
        catalogue=catalogue,
        kind=np.unique(listed["kind"].to_numpy(dtype=object), return_inverse=True)[1],
    )


def _frequent(column: "pd.Series[str]") -> tuple[str, ...]:
    """Return a column's most frequent values in ascending order."""
    return tuple(sorted(map(str, column.value_counts().index[:MAX_VALUES])))
