"""EASE^R: a linear model of each item on all others, in closed form."""

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from mlops_platform.models.recommendation.item_weights import ItemWeights


class Ease:
    r"""Item-item regression whose diagonal is zero.

    Minimises :math:`|X - XB|^2 + \lambda |B|^2` subject to :math:`B_{jj} = 0`. With
    :math:`P = (X^T X + \lambda I)^{-1}` the solution is :math:`B_{ij} = -P_{ij} / P_{jj}` ([1]_,
    eq. 8). Where there are fewer rows than items, P comes from the smaller kernel matrix of the
    rows by Woodbury's identity: the same solution, as factors.

    Parameters
    ----------
    l2
        :math:`\lambda`, in interactions, > 0.
    side_weight
        Weight of the side information's rows, which are appended to X ([2]_).

    Attributes
    ----------
    weights_ : ItemWeights
        B; as factors where there were fewer rows than items.

    References
    ----------
    .. [1] Steck 2019, "Embarrassingly shallow autoencoders for sparse data".
    .. [2] Jeunen, Van Balen and Goethals 2020, "Closed-form models for collaborative filtering with
       side-information", the collective model.

    Examples
    --------
    >>> interactions = sparse.csr_matrix(np.array([[1.0, 1.0, 0.0]] * 9 + [[0.0, 0.0, 1.0]]))
    >>> history = sparse.csr_matrix(np.array([[1.0, 0.0, 0.0]]))
    >>> Ease(l2=1.0).fit(interactions).scores(history).round(2)[0, 1:]
    array([0.9, 0. ], dtype=float32)
    """

    def __init__(self, l2: float = 300.0, side_weight: float = 1.0) -> None:
        self.l2 = l2
        self.side_weight = side_weight

    def fit(self, interactions: sparse.csr_matrix, side: sparse.csr_matrix | None = None) -> Self:
        """Solve for interactions of shape (n_users, n_items).

        Parameters
        ----------
        interactions
            Entries are weights, 1 for a plain interaction.
        side
            Of shape (n_tags, n_items): one row for each property that items share.
        """
        rows = sparse.csr_matrix(interactions, dtype=np.float64)
        if side is not None:
            rows = sparse.vstack([rows, self.side_weight * side], format="csr")
        self.weights_ = self._dual(rows) if rows.shape[0] < rows.shape[1] else self._primal(rows)
        return self

    def scores(self, history: sparse.csr_matrix) -> NDArray[np.float32]:
        """Return scores of shape (n_users, n_items)."""
        return self.weights_.applied_to(history)

    def _primal(self, rows: sparse.csr_matrix) -> ItemWeights:
        gram = (rows.T @ rows).toarray()
        gram[np.diag_indices_from(gram)] += self.l2
        precision = _inverse(gram)
        precision /= -np.diag(precision).copy()
        np.fill_diagonal(precision, 0.0)
        return ItemWeights(None, precision.astype(np.float32))

    def _dual(self, rows: sparse.csr_matrix) -> ItemWeights:
        """Return B as factors, from P = (I - X^T (X X^T + l2 I)^-1 X) / l2."""
        kernel = (rows @ rows.T).toarray()
        kernel[np.diag_indices_from(kernel)] += self.l2
        projected = np.asarray((rows.T @ _inverse(kernel)).T)
        kept = 1.0 - np.asarray(rows.multiply(projected).sum(axis=0)).ravel()
        return ItemWeights(rows.T.tocsr().astype(np.float32), (projected / kept).astype(np.float32))


def _inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse of a symmetric positive definite matrix."""
    factor = linalg.cho_factor(matrix, overwrite_a=True, check_finite=False)
    inverse: NDArray[np.float64] = linalg.cho_solve(
        factor, np.eye(len(matrix)), overwrite_b=True, check_finite=False
    )
    return inverse
