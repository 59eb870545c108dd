"""The next product as a choice among those that are not owned: for tables of some products."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from mlops_platform.models.recommendation.linear_form import Floats, Int64s
from mlops_platform.models.recommendation.parts import taken

Float64s = NDArray[np.float64]


class ConditionalLogit:
    r"""Log-odds that are linear in what is owned and in a customer's columns.

    Maximises :math:`\sum_i (u_{i,j_i} - \log \sum_{k \notin o_i} e^{u_{ik}}) -
    \lambda / 2 (|W|^2 + |V|^2 + |b|^2)` with utilities :math:`u_i = o_i W + c_i V + b` of a
    customer who owns o, has the values c, and chooses j ([1]_).

    Parameters
    ----------
    l2
        :math:`\lambda` > 0.
    max_iterations
        Of L-BFGS.

    Attributes
    ----------
    weights_ : ndarray of shape (n_items, n_items)
        W; owned items in rows.
    by_column_ : ndarray of shape (n_values, n_items)
        V.
    bias_ : ndarray of shape (n_items,)
        b.

    References
    ----------
    .. [1] McFadden 1974, "Conditional logit analysis of qualitative choice behavior".

    Examples
    --------
    >>> places = sparse.csr_matrix(np.repeat([[1.0, 0, 0, 0], [0, 1.0, 0, 0]], 50, axis=0))
    >>> nobody, item = np.zeros((100, 0), dtype=np.int64), np.repeat([2, 3], 50)
    >>> model = ConditionalLogit().fit(places, nobody, item, n_values=0)
    >>> model.weights_[:2, 2:].argmax(axis=1)
    array([0, 1])
    """

    def __init__(self, l2: float = 3.0, max_iterations: int = 200) -> None:
        self.l2 = l2
        self.max_iterations = max_iterations

    def fit(self, places: sparse.csr_matrix, columns: Int64s, item: Int64s, n_values: int) -> Self:
        """Learn from choices.

        Parameters
        ----------
        places : of shape (n, n_items)
            Who owned what; any entry counts alike.
        columns : of shape (n, n_columns)
            Their values; `n_values` for an unknown one.
        item : of shape (n,)
            What they chose.
        n_values
            How many values there are.
        """
        owned = taken(places).astype(np.float64)
        constant = sparse.csr_matrix(np.ones((len(item), 1)))
        rows = sparse.hstack([owned, _flags(columns, n_values), constant], format="csr")
        n_items = places.shape[1]
        found = optimize.minimize(
            _Loss(rows, owned, item, self.l2),
            np.zeros(rows.shape[1] * n_items),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": self.max_iterations},
        )
        learnt = found.x.reshape(-1, n_items).astype(np.float32)
        self.weights_: Floats = learnt[:n_items]
        self.by_column_: Floats = learnt[n_items:-1]
        self.bias_: Floats = learnt[-1]
        return self


class _Loss:
    """The penalised negative log-likelihood and its gradient, for rows of features."""

    def __init__(
        self, rows: sparse.csr_matrix, owned: sparse.csr_matrix, item: Int64s, l2: float
    ) -> None:
        self._rows, self._item, self._l2 = rows, item, l2
        self._owned = owned.nonzero()
        self._each = np.arange(len(item))

    def __call__(self, flat: Float64s) -> tuple[float, Float64s]:
        weights = flat.reshape(self._rows.shape[1], -1)
        utility: Any = self._rows @ weights
        utility[self._owned] = -np.inf
        utility -= utility.max(axis=1, keepdims=True)
        probability = np.exp(utility)
        total = probability.sum(axis=1, keepdims=True)
        probability /= total
        likelihood = utility[self._each, self._item].sum() - np.log(total).sum()
        probability[self._each, self._item] -= 1.0
        gradient = self._rows.T @ probability + self._l2 * weights
        penalty = 0.5 * self._l2 * float(flat @ flat)
        return penalty - float(likelihood), gradient.ravel()


def _flags(columns: Int64s, n_values: int) -> sparse.csr_matrix:
    """Return 1 for each known value, of shape (n, n_values)."""
    row, column = np.nonzero(columns < n_values)
    ones = np.ones(len(row))
    return sparse.csr_matrix((ones, (row, columns[row, column])), shape=(len(columns), n_values))
