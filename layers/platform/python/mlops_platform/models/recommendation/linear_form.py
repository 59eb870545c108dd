"""What is served: one linear model of the next item, from what is owned and who the customer is."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mlops_platform.models.recommendation.history import Recency
from mlops_platform.models.recommendation.weighing import weighed

Floats = NDArray[np.float32]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class LinearForm:
    r"""Scores :math:`r W + \sum_c v_c + b`, whose softmax over what is not owned are probabilities.

    r are the recency weights of a history, W = left @ right or right alone, v_c the rows of
    `by_column` for the customer's values, b the bias.

    Parameters
    ----------
    left : of shape (n_items, n_factors), or None
        None where `right` is W itself.
    right : of shape (n_factors, n_items)
    by_column : of shape (n_values, n_items)
        What each value of a customer's columns adds; unknown values add nothing.
    bias : of shape (n_items,)
        The scores of a customer of whom nothing is known.
    recency
        What the history's items count.

    Examples
    --------
    >>> weights = np.array([[0.0, 1.0], [0.0, 0.0]], dtype=np.float32)
    >>> none = np.zeros((0, 2), dtype=np.float32)
    >>> bias = np.zeros(2, dtype=np.float32)
    >>> form = LinearForm(left=None, right=weights, by_column=none, bias=bias, recency=Recency(0.0))
    >>> form.scores(sparse.csr_matrix([[1.0, 0.0]]), np.zeros((1, 0), dtype=np.int64))
    array([[0., 1.]], dtype=float32)
    """

    left: Floats | None
    right: Floats
    by_column: Floats
    bias: Floats
    recency: Recency

    @property
    def n_items(self) -> int:
        """How many items it scores."""
        return len(self.bias)

    def scores(self, places: sparse.csr_matrix, columns: Int64s) -> Floats:
        """Return scores of shape (n, n_items); owned items are not left out yet.

        Parameters
        ----------
        places : of shape (n, n_items)
            Histories; entries are places, 1 for the newest item.
        columns : of shape (n, n_columns)
            Rows of `by_column`; one past the last for an unknown value.
        """
        history = weighed(places, self.recency)
        reduced = history if self.left is None else history @ self.left
        nothing = np.zeros((1, self.n_items), dtype=np.float32)
        values = np.vstack([self.by_column, nothing])[columns].sum(axis=1)
        return np.asarray(reduced @ self.right + values + self.bias, dtype=np.float32)

    def centred(self) -> Self:
        """Return the same probabilities from parts that say what they add beyond the average item.

        The mean over items is taken from each row of W and each value's, so that what a part adds
        to an item tells whether it speaks for or against it.
        """
        return replace(
            self,
            right=_centred(self.right),
            by_column=_centred(self.by_column),
            bias=_centred(self.bias),
        )

    def scaled(self, factor: float) -> Self:
        """Return the form whose scores are so many times as large."""
        by = np.float32(factor)
        return replace(
            self,
            right=self.right * by,
            by_column=self.by_column * by,
            bias=self.bias * by,
        )


def _centred(rows: Floats) -> Floats:
    return np.asarray(rows - rows.mean(axis=-1, keepdims=True), dtype=np.float32)
