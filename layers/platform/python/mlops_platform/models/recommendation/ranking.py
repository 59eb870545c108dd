"""What the graph answers: the best items, how likely each is, and what speaks for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Int64s = NDArray[np.int64]

# Customers that the graph is asked about at one time: their histories' weights are in memory.
ROWS_AT_ONCE: Final = 32
BY_COLUMNS: Final = "popular with customers like you"
BY_POPULARITY: Final = "popular"


@dataclass(frozen=True)
class Ranking:
    """The best items of n customers, of shape (n, n_places), best first.

    Parameters
    ----------
    items
        Their numbers.
    probabilities
        How likely each is to be taken up next; 0 for what cannot be offered.
    reasons
        The place in the history of the item that adds most to each.
    by_owned, by_columns
        What that item adds beyond the average item, and what the customer's columns do.
    """

    OUTPUTS: ClassVar = ("items", "probabilities", "reasons", "by_owned", "by_columns")

    items: Int64s
    probabilities: Floats
    reasons: Int64s
    by_owned: Floats
    by_columns: Floats

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Return rankings below each other."""
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in cls.OUTPUTS))

    def offered(self, row: int, length: int) -> Int64s:
        """Return the items that one customer is offered, at most `length`."""
        return self.items[row, :length][self.probabilities[row, :length] > 0]

    def reasons_of(self, row: int, history: Int64s, titles: Sequence[str]) -> Iterator[str]:
        """Yield why each item is offered to one customer: the part that adds most to its score.

        An owned item that adds something counts by itself, the customer's columns together; where
        neither speaks for an item, popularity does.

        Parameters
        ----------
        row
            The customer's row.
        history
            The numbers of what they own.
        titles
            The items' titles.
        """
        columns = (self.reasons[row], self.by_owned[row], self.by_columns[row])
        for place, by_owned, by_columns in zip(*(each.tolist() for each in columns), strict=True):
            if max(by_owned, by_columns) <= 0:
                yield BY_POPULARITY
            elif by_owned >= by_columns:
                yield f"because you have {titles[history[place]]}"
            else:
                yield BY_COLUMNS
