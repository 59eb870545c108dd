"""Matrix factorisation of implicit feedback by alternating least squares."""

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse


class ImplicitAls:
    r"""Factors whose products are near 1 where there is an interaction and near 0 elsewhere.

    Minimises :math:`\sum_{ui} c_{ui} (p_{ui} - x_u \cdot y_i)^2 + \lambda (|X|^2 + |Y|^2)` with
    confidence :math:`c_{ui} = 1 + \alpha r_{ui}` and preference :math:`p_{ui} = [r_{ui} > 0]`
    ([1]_, eq. 3), one side at a time.

    Parameters
    ----------
    n_factors
        Length of the factors.
    l2
        :math:`\lambda` > 0.
    alpha
        :math:`\alpha`, confidence that one interaction adds.
    n_iterations
        Times that both sides are solved.
    random_state
        Seed of the first factors.

    Attributes
    ----------
    item_factors_ : ndarray of shape (n_items, n_factors)

    References
    ----------
    .. [1] Hu, Koren and Volinsky 2008, "Collaborative filtering for implicit feedback datasets".

    Examples
    --------
    >>> interactions = sparse.csr_matrix(np.array([[1.0, 1.0, 0.0]] * 9 + [[0.0, 0.0, 1.0]] * 9))
    >>> history = sparse.csr_matrix(np.array([[1.0, 0.0, 0.0]]))
    >>> als = ImplicitAls(n_factors=2, l2=0.1).fit(interactions)
    >>> bool(als.scores(history)[0, 1] > als.scores(history)[0, 2])
    True
    """

    def __init__(
        self,
        n_factors: int = 64,
        l2: float = 5.0,
        alpha: float = 1.0,
        n_iterations: int = 10,
        random_state: int = 0,
    ) -> None:
        self.n_factors = n_factors
        self.l2 = l2
        self.alpha = alpha
        self.n_iterations = n_iterations
        self.random_state = random_state

    def fit(self, interactions: sparse.csr_matrix) -> Self:
        """Factorise interactions of shape (n_users, n_items), entries r > 0."""
        users = sparse.csr_matrix(interactions, dtype=np.float64)
        items = users.T.tocsr()
        random = np.random.default_rng(self.random_state)
        self.item_factors_ = random.normal(0.0, 0.1, (items.shape[0], self.n_factors))
        for _ in range(self.n_iterations):
            user_factors = self._solve(users, self.item_factors_)
            self.item_factors_ = self._solve(items, user_factors)
        return self

    def user_factors(self, history: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return the factors of any users, of shape (n_users, n_factors), from histories alone."""
        return self._solve(sparse.csr_matrix(history, dtype=np.float64), self.item_factors_)

    def scores(self, history: sparse.csr_matrix) -> NDArray[np.float32]:
        """Return scores of shape (n_users, n_items)."""
        return (self.user_factors(history) @ self.item_factors_.T).astype(np.float32)

    def _solve(self, rows: sparse.csr_matrix, factors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the best factors of all rows, given the other side's.

        Rows of the same number of entries are solved together: there are a few hundred such groups
        and ten thousand rows.
        """
        base = linalg.inv(factors.T @ factors + self.l2 * np.eye(self.n_factors))
        sizes = np.diff(rows.indptr)
        solved = np.zeros((rows.shape[0], self.n_factors))
        for size in np.unique(sizes[sizes > 0]):
            group = np.flatnonzero(sizes == size)
            entries = rows.indptr[group][:, None] + np.arange(size)
            others = factors[rows.indices[entries]]
            solved[group] = self._solve_group(base, others, self.alpha * rows.data[entries])
        return solved

    def _solve_group(
        self,
        base: NDArray[np.float64],
        others: NDArray[np.float64],
        confidence: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Solve rows of `size` entries each.

        With A the inverse `base`, V the factors of a row's entries and D their confidences beyond
        1, the solution (A^-1 + V'DV)^-1 V'(1 + D)1 equals A V'(I + D V A V')^-1 (1 + D)1: a system
        as large as the row where that is smaller than the factors.
        """
        size, n_factors = others.shape[1:]
        if size <= n_factors:
            reached = others @ base
            system = np.eye(size) + confidence[:, :, None] * (reached @ others.transpose(0, 2, 1))
            within = np.linalg.solve(system, (1.0 + confidence)[:, :, None])
            return np.asarray((within.transpose(0, 2, 1) @ reached)[:, 0])
        weighted = others.transpose(0, 2, 1) * confidence[:, None, :]
        system = linalg.inv(base) + weighted @ others
        target = others.transpose(0, 2, 1) @ (1.0 + confidence)[:, :, None]
        return np.asarray(np.linalg.solve(system, target)[:, :, 0])
