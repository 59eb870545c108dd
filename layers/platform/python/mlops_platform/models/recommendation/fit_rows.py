"""What a fit learns from: who had what at a moment, and how they came to it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mlops_platform.models.recommendation.dataset import Choices, RecommendationDataset
from mlops_platform.models.recommendation.linear_form import Int64s


@dataclass(frozen=True)
class FitRows:
    """What was known before a moment, for fits to learn from.

    Parameters
    ----------
    dataset
        All take-ups.
    before
        The moment, an epoch second.
    """

    dataset: RecommendationDataset
    before: int

    @cached_property
    def places(self) -> sparse.csr_matrix:
        """Who had what by then: histories of places, of shape (n_users, n_items)."""
        return self.dataset.places(self._window)

    @cached_property
    def columns(self) -> Int64s:
        """The values of those who took up, of shape (n, n_columns)."""
        return self.dataset.column_rows[self.dataset.user[self._window]]

    @cached_property
    def item(self) -> Int64s:
        """What they took up, of shape (n,)."""
        return self.dataset.item[self._window]

    @property
    def item_features(self) -> sparse.csr_matrix:
        """Which kind each item is of, of shape (n_items, n_kinds)."""
        kind = self.dataset.kind
        cells = (np.arange(len(kind)), kind)
        return sparse.csr_matrix((np.ones(len(kind), dtype=np.float32), cells))

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return self.dataset.n_items

    @property
    def n_values(self) -> int:
        """How many values customers' columns have."""
        return self.dataset.catalogue.n_values

    def newest_choices(self, n: int) -> Choices:
        """Return the last take-ups with what came before each."""
        return self.dataset.choices(np.flatnonzero(self._window)[-n:])

    @property
    def _window(self) -> NDArray[np.bool_]:
        return self.dataset.timestamp < self.before
