"""What customers of a kind take up more than others: naive Bayes over their columns."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.recommendation.linear_form import Floats, Int64s


class ColumnLifts:
    r"""Log shares of the items, and by how much each value of a column shifts them.

    With :math:`n_{vj}` take-ups of item j by users of value v, :math:`n_v` by them at all and
    :math:`p_j` the share of j among all take-ups, a value adds
    :math:`\log((n_{vj} + s p_j) / (n_v + s)) - \log p_j`: rare values add little ([1]_,
    section 6.6.3).

    Parameters
    ----------
    shrinkage
        s, in take-ups, > 0.

    Attributes
    ----------
    by_column_ : ndarray of shape (n_values, n_items)
    log_share_ : ndarray of shape (n_items,)
        :math:`\log p_j`, where each item counts as if taken up once more.

    References
    ----------
    .. [1] Hastie, Tibshirani and Friedman 2009, "The elements of statistical learning".

    Examples
    --------
    >>> columns, item = np.array([[0], [0], [1], [1]]), np.array([0, 0, 1, 1])
    >>> ColumnLifts(shrinkage=2.0).fit(columns, item, n_values=2, n_items=2).by_column_.round(2)
    array([[ 0.41, -0.69],
           [-0.69,  0.41]], dtype=float32)
    """

    def __init__(self, shrinkage: float = 20.0) -> None:
        self.shrinkage = shrinkage

    def fit(self, columns: Int64s, item: Int64s, n_values: int, n_items: int) -> Self:
        """Count take-ups.

        Parameters
        ----------
        columns : of shape (n, n_columns)
            The values of who took up; `n_values` for an unknown one.
        item : of shape (n,)
            What they took up.
        n_values, n_items
            How many there are.
        """
        share = (np.bincount(item, minlength=n_items) + 1.0) / (len(item) + n_items)
        cells = columns * n_items + item[:, None]
        counts = np.bincount(cells.ravel(), minlength=(n_values + 1) * n_items)
        by_value = counts.reshape(n_values + 1, n_items)[:n_values].astype(np.float64)
        total = by_value.sum(axis=1, keepdims=True)
        among = (by_value + self.shrinkage * share) / (total + self.shrinkage)
        self.by_column_: Floats = np.log(among / share).astype(np.float32)
        self.log_share_: NDArray[np.float32] = np.log(share).astype(np.float32)
        return self
