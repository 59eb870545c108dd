"""Which bin a value falls into: learnt once from training, the same ever after."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

MAX_BINS: Final = 32
# Bins that are no range of training's values: below all of them, above all of them, null.
N_OPEN_BINS: Final = 3


@dataclass(frozen=True)
class Binning:
    """The bins of one number.

    Bin 0 holds what lies below everything seen in training, bins 1 to k the ranges between the
    edges, bin k + 1 what lies above everything seen, bin k + 2 nulls (NaN).

    Parameters
    ----------
    edges
        Lower bounds (inclusive) of the k ranges, then the largest value seen, in ascending order;
        empty where training saw nothing but null. Numbers are compared as float32, as models
        take them.

    Examples
    --------
    >>> binning = Binning.learn([1.0, 1.0, 2.0, 5.0])
    >>> binning.edges
    (1.0, 2.0, 5.0, 5.0)
    >>> binning.counts([0.5, 1.0, 3.0, 5.0, 6.0, float("nan")])
    array([1, 1, 1, 1, 1, 1])
    """

    edges: tuple[float, ...]

    @classmethod
    def learn(cls, values: ArrayLike, max_bins: int = MAX_BINS) -> Self:
        """Learn bins of about equal count, or one for each value where there are few.

        Parameters
        ----------
        values
            Training's values, of shape (n,); null is NaN.
        max_bins
            How many ranges there may be.
        """
        seen = np.sort(_float32(values))
        seen = seen[~np.isnan(seen)]
        if not len(seen):
            return cls(())
        bounds = np.unique(seen)
        if len(bounds) > max_bins:
            bounds = np.unique(seen[np.arange(max_bins) * len(seen) // max_bins])
        return cls((*map(_shortest, bounds), _shortest(seen[-1])))

    @property
    def n_bins(self) -> int:
        """How many bins there are, with the open ones."""
        return max(len(self.edges) - 1, 0) + N_OPEN_BINS

    def codes(self, values: ArrayLike) -> NDArray[np.int64]:
        """Return the bin of each value, of shape (n,)."""
        numbers = _float32(values)
        edges = np.array(self.edges, dtype=np.float32)
        codes = np.searchsorted(edges[:-1], numbers, side="right").astype(np.int64)
        highest = edges[-1] if len(edges) else -np.inf
        codes[numbers > highest] = self.n_bins - 2
        codes[np.isnan(numbers)] = self.n_bins - 1
        return codes

    def counts(self, values: ArrayLike) -> NDArray[np.int64]:
        """Return how many values fall into each bin, of shape (n_bins,)."""
        return np.bincount(self.codes(values), minlength=self.n_bins).astype(np.int64)

    def to_list(self) -> list[float]:
        """Return the edges as JSON's own numbers."""
        return list(self.edges)

    @classmethod
    def from_list(cls, edges: Sequence[Any]) -> Self:
        """Read what `to_list` returned.

        Raises
        ------
        ValueError
            The edges are not ascending numbers.
        """
        numbers = tuple(float(edge) for edge in edges)
        if any(not low <= high for low, high in itertools.pairwise(numbers)):
            raise ValueError(f"edges {numbers} do not ascend")
        return cls(numbers)


def _float32(values: ArrayLike) -> NDArray[np.float32]:
    # What overflows to infinity lies beyond all edges, which is where it belongs.
    with np.errstate(over="ignore"):
        return np.asarray(values, dtype=np.float64).astype(np.float32)


def _shortest(value: np.float32) -> float:
    """Return the shortest number that is this float32 again: ten digits less for each edge."""
    return float(str(value))
