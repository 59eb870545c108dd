"""Prefix sums over rows sorted by (entity, order): window sums by two binary searches."""

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]


class SortedSums:
    """Rows sorted by one composite key, with exact cumulative sums of integer columns.

    Parameters
    ----------
    entity : of shape (n,)
        Codes ≥ 0.
    order : of shape (n,)
        What windows are cut along: epoch seconds or days.
    columns : each of shape (n,)
        Integers to be summed. Differences of wrapped 64-bit sums are exact as long as the
        window's own sum fits.
    tie : of shape (n,), optional
        Orders rows of equal (entity, order).
    """

    def __init__(
        self, entity: Int64s, order: Int64s, *columns: Int64s, tie: Int64s | None = None
    ) -> None:
        # One slot below the first and one above the last order belong to no row, so a search that
        # is clipped to them stays within its entity.
        self._base = int(order.min()) - 1 if len(order) else 0
        self._span = int(order.max()) - self._base + 2 if len(order) else 2
        keys = entity * self._span + (order - self._base)
        sequence = np.argsort(keys, kind="stable") if tie is None else np.lexsort((tie, keys))
        self._keys = keys[sequence]
        self._order = order[sequence]
        self._tie = None if tie is None else tie[sequence]
        self._sums = [np.concatenate(([0], np.cumsum(c[sequence]))) for c in columns]

    def position(self, entity: Int64s, order: Int64s) -> Int64s:
        """Return how many rows lie at or before (entity, order); unknown entities get an empty run.

        An entity code of -1 (nobody) has no rows before any order.
        """
        slot = np.clip(order - self._base, 0, self._span - 1)
        return np.searchsorted(self._keys, entity * self._span + slot, side="right")

    def begin(self, entity: Int64s) -> Int64s:
        """Return how many rows lie before an entity's first one."""
        return np.searchsorted(self._keys, entity * self._span, side="right")

    def sum_between(self, column: int, start: Int64s, end: Int64s) -> Int64s:
        """Return the sum of a column over rows [start, end)."""
        sums = self._sums[column]
        total: Int64s = sums[end] - sums[start]
        return total

    def order_at(self, position: Int64s) -> Int64s:
        """Return the order of rows; a position outside the table gives some row's."""
        return _take(self._order, position)

    def tie_at(self, position: Int64s) -> Int64s:
        """Return the tie of rows; a position outside the table gives some row's."""
        if self._tie is None:
            raise ValueError("These rows were sorted without a tie column.")
        return _take(self._tie, position)


def _take(values: Int64s, position: Int64s) -> Int64s:
    if not len(values):
        return np.zeros(len(position), dtype=np.int64)
    taken: Int64s = values[np.clip(position, 0, len(values) - 1)]
    return taken
