"""What people take up soon after an item: item neighbourhoods with a direction."""

from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

# Steps, in half-lives, after which a pair no longer counts: it would weigh a sixteenth.
_REACH: Final = 4
# Pairs that are counted at one time.
_CHUNK: Final = 4_000_000


class SequenceKnn:
    r"""Sum, over the history's items, of how often an item came soon after them.

    Entry (h, j) of the weights is :math:`\sum_u 2^{-(p_{uh} - p_{uj}) / t} / (\sqrt{n_h n_j} + s)`
    over the users u who took j up after h, where p is an item's place in the user's history, the
    newest first, n an item's number of users and t the half-life: the sequence rules of [1]_ with a
    shrunk cosine's denominator. Items of equal place follow each other.

    Parameters
    ----------
    half_life
        Steps between two items after which their pair counts half.
    shrinkage
        s, in interactions.

    Attributes
    ----------
    weights_ : csr_matrix of shape (n_items, n_items)

    References
    ----------
    .. [1] Ludewig and Jannach 2018, "Evaluation of session-based recommendation algorithms",
       section 3.1.

    Examples
    --------
    Two users took item 1 right after item 0:

    >>> places = sparse.csr_matrix(np.array([[2.0, 1.0, 0.0], [3.0, 2.0, 1.0]]))
    >>> SequenceKnn(half_life=1.0, shrinkage=0.0).fit(places).weights_.toarray().round(2)
    array([[0.  , 0.5 , 0.18],
           [0.  , 0.  , 0.35],
           [0.  , 0.  , 0.  ]], dtype=float32)
    """

    def __init__(self, half_life: float = 20.0, shrinkage: float = 5.0) -> None:
        self.half_life = half_life
        self.shrinkage = shrinkage

    def fit(self, places: sparse.csr_matrix) -> Self:
        """Count pairs in histories of shape (n_users, n_items), entries 1 for the newest item."""
        users = np.repeat(np.arange(places.shape[0]), np.diff(places.indptr))
        oldest_first = np.lexsort((places.indices, -places.data, users))
        items = places.indices[oldest_first]
        pairs = self._pairs(users, items, places.data[oldest_first], places.shape[1]).tocoo()
        n_users = np.bincount(items, minlength=places.shape[1])
        lengths = np.sqrt(n_users[pairs.row] * n_users[pairs.col]) + self.shrinkage
        weights = (pairs.data / lengths).astype(np.float32)
        self.weights_ = sparse.csr_matrix((weights, (pairs.row, pairs.col)), shape=pairs.shape)
        return self

    def scores(self, history: sparse.csr_matrix) -> NDArray[np.float32]:
        """Return scores of shape (n_users, n_items); the history's entries are weights."""
        return np.asarray((history @ self.weights_).toarray(), dtype=np.float32)

    def _pairs(
        self,
        users: NDArray[np.int64],
        items: NDArray[np.int32],
        place: NDArray[np.float32],
        n_items: int,
    ) -> sparse.csr_matrix:
        """Return the weight of each (earlier, later) pair; the columns are oldest first by user."""
        total = sparse.csr_matrix((n_items, n_items))
        longest = int(np.bincount(users).max(initial=1)) - 1
        steps = np.arange(1, min(longest, int(_REACH * self.half_life)) + 1)
        n_at_once = max(1, _CHUNK // max(len(users), 1))
        for start in range(0, len(steps), n_at_once):
            chunk = [
                self._pairs_at(users, items, place, step)
                for step in steps[start : start + n_at_once]
            ]
            weight, earlier, later = (np.concatenate(part) for part in zip(*chunk, strict=True))
            total += sparse.csr_matrix((weight, (earlier, later)), shape=total.shape)
        return total

    def _pairs_at(
        self,
        users: NDArray[np.int64],
        items: NDArray[np.int32],
        place: NDArray[np.float32],
        step: int,
    ) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int32]]:
        """Return weight, earlier and later item of the pairs so many rows apart."""
        same = users[step:] == users[:-step]
        earlier, later = items[:-step][same], items[step:][same]
        gap = (place[:-step] - place[step:])[same]
        weight = 0.5 ** (gap / self.half_life)
        tied = gap == 0
        return (
            np.concatenate([weight, weight[tied]]),
            np.concatenate([earlier, later[tied]]),
            np.concatenate([later, earlier[tied]]),
        )
