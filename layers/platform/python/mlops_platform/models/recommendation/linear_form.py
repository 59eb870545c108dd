"""The hybrid as it is served: weights, popularity, and the reason for an item. Numpy alone."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
NO_REASON: Final = -1


@dataclass(frozen=True)
class LinearForm:
    """Scores history @ W + bias, with W = left @ right or right alone.

    Parameters
    ----------
    left : of shape (n_items, n_factors), or None
        None where `right` is W itself.
    right : of shape (n_factors, n_items)
    bias : of shape (n_items,)
        The scores of a user without a history.

    Examples
    --------
    >>> weights = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 2.0], [0.0, 0.0, 0.0]], dtype=np.float32)
    >>> form = LinearForm(None, weights, np.zeros(3, dtype=np.float32))
    >>> form.reasons(np.array([0, 1]), np.array([0.8, 0.2], dtype=np.float32), np.array([2, 0]))
    array([ 0, -1])
    """

    left: Floats | None
    right: Floats
    bias: Floats

    def scores(self, history: Floats) -> Floats:
        """Return scores of shape (n_users, n_items) for recency weights of the same shape."""
        reduced = history if self.left is None else history @ self.left
        return np.asarray(reduced @ self.right + self.bias, dtype=np.float32)

    def contributions(
        self, history_items: NDArray[np.int64], weight: Floats, items: NDArray[np.int64]
    ) -> Floats:
        """Return what each item of one history adds to each score, of shape (n_history, n_items).

        Parameters
        ----------
        history_items, weight : of shape (n_history,)
            The history's item numbers and recency weights.
        items
            Numbers of the items to be explained.
        """
        if self.left is None:
            towards = self.right[np.ix_(history_items, items)]
        else:
            towards = self.left[history_items] @ self.right[:, items]
        return np.asarray(weight[:, None] * towards, dtype=np.float32)

    def reasons(
        self, history_items: NDArray[np.int64], weight: Floats, items: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the history's item that adds most to each score; `NO_REASON` if none adds."""
        if not len(history_items):
            return np.full(len(items), NO_REASON, dtype=np.int64)
        added = self.contributions(history_items, weight, items)
        strongest = history_items[added.argmax(axis=0)]
        return np.where(added.max(axis=0) > 0, strongest, NO_REASON)
