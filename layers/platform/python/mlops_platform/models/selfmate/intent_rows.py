"""Texts as an intent classifier learns from them: n-grams and a sentence embedding."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mlops_platform.models.selfmate.text_features import N_BUCKETS, hashed_ngrams


@dataclass(frozen=True)
class IntentRows:
    """The features of n texts.

    Parameters
    ----------
    ngrams
        How often each hashed n-gram occurs, sparse of shape (n, n_buckets).
    embeddings
        Sentence embeddings of Euclidean length 1, of shape (n, hidden).
    """

    ngrams: csr_array
    embeddings: NDArray[np.float32]

    @classmethod
    def of(cls, texts: Sequence[str], embeddings: NDArray[np.float32]) -> Self:
        """Count the n-grams of texts whose embeddings are known."""
        rows = [hashed_ngrams(text) for text in texts]
        # liblinear addresses in 32 bits.
        ends = np.cumsum([0, *(len(row.buckets) for row in rows)], dtype=np.int32)
        counts = np.concatenate([np.empty(0, np.float32), *(row.counts for row in rows)])
        buckets = np.concatenate([np.empty(0, np.int64), *(row.buckets for row in rows)])
        buckets = buckets.astype(np.int32)
        return cls(csr_array((counts, buckets, ends), shape=(len(rows), N_BUCKETS)), embeddings)

    def __len__(self) -> int:
        return len(self.embeddings)

    def __getitem__(self, chosen: NDArray[Any]) -> Self:
        """Return the rows that an index array or a mask chooses."""
        return type(self)(self.ngrams[chosen], self.embeddings[chosen])
