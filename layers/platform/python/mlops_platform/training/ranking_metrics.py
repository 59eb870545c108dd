"""How good ranked lists are: hit rate, recall and NDCG of their first k items."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True)
class RankedHits:
    """Which places of users' lists hold an item that they took up.

    Parameters
    ----------
    hits : ndarray of bool, of shape (n_users, n_places)
        Best place first.
    n_relevant : ndarray of shape (n_users,)
        Items that each user took up, at least 1.

    Examples
    --------
    >>> hits = RankedHits(np.array([[False, True, False]]), np.array([2]))
    >>> hits.hit_rate(2), hits.recall(2), round(float(hits.ndcg(2)), 3)
    (1.0, 0.5, 0.387)
    """

    hits: NDArray[np.bool_]
    n_relevant: NDArray[np.int64]

    @classmethod
    def from_top_items(cls, top_items: NDArray[np.int64], relevant: sparse.csr_matrix) -> Self:
        """Look up ranked items of shape (n_users, n_places) among those taken up.

        Parameters
        ----------
        top_items
            Item numbers, best first.
        relevant
            Of shape (n_users, n_items), non-zero where taken up; each user has at least one.
        """
        users = np.repeat(np.arange(relevant.shape[0]), np.diff(relevant.indptr))
        taken = users * relevant.shape[1] + relevant.indices
        offered = np.arange(len(top_items))[:, None] * relevant.shape[1] + top_items
        return cls(np.isin(offered, taken), np.diff(relevant.indptr).astype(np.int64))

    def hit_rate(self, k: int) -> float:
        """Return the share of users with a hit among the first k."""
        return float(self.hits[:, :k].any(axis=1).mean())

    def recall(self, k: int) -> float:
        """Return the mean share of a user's items, or of k if they are more, among the first k."""
        return float(np.mean(self.recalls(k)))

    def recalls(self, k: int) -> NDArray[np.float64]:
        """Return each user's recall, of shape (n_users,)."""
        return np.asarray(self.hits[:, :k].sum(axis=1) / np.minimum(k, self.n_relevant))

    def ndcg(self, k: int) -> float:
        """Return the mean normalised discounted cumulative gain, gains 1, discount log2(place + 1).

        References
        ----------
        .. [1] Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques".
        """
        discounts = 1.0 / np.log2(np.arange(2, k + 2))
        gained = self.hits[:, :k] @ discounts[: self.hits.shape[1]]
        ideal = np.cumsum(discounts)[np.minimum(k, self.n_relevant) - 1]
        return float(np.mean(gained / ideal))


def top_items(
    scores: NDArray[np.float32], seen: sparse.csr_matrix, n_places: int
) -> NDArray[np.int64]:
    """Return the best unseen items of shape (n_users, n_places), best first; ties by number.

    Where there are fewer unseen items than places, seen ones come last; the places are never more
    than the items.

    Parameters
    ----------
    scores
        Of shape (n_users, n_items).
    seen
        Of shape (n_users, n_items), an entry where the user has the item already.
    """
    n_places = min(n_places, scores.shape[1])
    open_scores = np.array(scores, dtype=np.float32)
    users = np.repeat(np.arange(seen.shape[0]), np.diff(seen.indptr))
    open_scores[users, seen.indices] = -np.inf
    best = np.sort(np.argpartition(-open_scores, n_places - 1, axis=1)[:, :n_places], axis=1)
    order = np.argsort(-np.take_along_axis(open_scores, best, axis=1), axis=1, kind="stable")
    return np.take_along_axis(best, order, axis=1)
