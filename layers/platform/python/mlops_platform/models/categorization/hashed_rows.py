"""Rows of hashed features, as they leave the feature code and enter the model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]
Float32s = NDArray[np.float32]


@dataclass(frozen=True)
class HashedRows:
    """Sparse rows over a space of hashed features.

    Parameters
    ----------
    indices, values
        Bucket and value of every feature, row after row, of shape (n_values,).
    offsets
        Where each row starts, and where the last one ends, of shape (n_rows + 1,).
    brand
        Bucket of each row's whole descriptor without digits, of shape (n_rows,): rows of one
        brand share it, and those without any letter.
    """

    indices: Int64s
    values: Float32s
    offsets: Int64s
    brand: Int64s

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @classmethod
    def from_features(
        cls, features: Sequence[tuple[Sequence[int], Sequence[float]]], brands: Sequence[int]
    ) -> Self:
        """Stack rows given as (buckets, values)."""
        lengths = [len(buckets) for buckets, _ in features]
        offsets = np.zeros(len(features) + 1, dtype=np.int64)
        np.cumsum(lengths, out=offsets[1:])
        n_values = int(offsets[-1])
        indices = (index for buckets, _ in features for index in buckets)
        values = (value for _, row in features for value in row)
        return cls(
            np.fromiter(indices, dtype=np.int64, count=n_values),
            np.fromiter(values, dtype=np.float32, count=n_values),
            offsets,
            np.array(brands, dtype=np.int64),
        )

    def take(self, rows: NDArray[np.bool_] | Int64s) -> Self:
        """Return the rows that a mask or an array of positions chooses."""
        chosen = np.arange(len(self))[rows]
        lengths = np.diff(self.offsets)[chosen]
        offsets = np.zeros(len(chosen) + 1, dtype=np.int64)
        np.cumsum(lengths, out=offsets[1:])
        places = np.arange(offsets[-1]) + np.repeat(self.offsets[chosen] - offsets[:-1], lengths)
        return type(self)(self.indices[places], self.values[places], offsets, self.brand[chosen])

    def padded(self) -> tuple[Int64s, Float32s]:
        """Return buckets and values as arrays of shape (n_rows, longest row), filled up with 0.

        A value of 0 adds nothing, whatever its bucket.
        """
        lengths = np.diff(self.offsets)
        width = max(int(lengths.max(initial=0)), 1)
        filled = np.arange(width) < lengths[:, None]
        indices = np.zeros(filled.shape, dtype=np.int64)
        values = np.zeros(filled.shape, dtype=np.float32)
        indices[filled] = self.indices
        values[filled] = self.values
        return indices, values
