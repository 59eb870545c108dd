"""A linear classifier over hashed features that keeps only the columns it has seen."""

from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

from mlops_platform.models.categorization.hashed_rows import HashedRows
from mlops_platform.models.categorization.text_features import N_BUCKETS

# Where a bucket leads that no training row, or too few, had: a column whose weights are all 0.
UNSEEN_COLUMN: Final = 0


class LinearHead:
    """One-against-rest support vector machine on hashed rows.

    Parameters
    ----------
    penalty
        Inverse strength of the L2 penalty, dimensionless, > 0.
    min_rows
        A feature that fewer training values have is dropped.
    random_state
        Seed of the coordinate descent.

    Attributes
    ----------
    column_of_ : ndarray of int32 of shape (N_BUCKETS,)
        The column of each bucket, `UNSEEN_COLUMN` for those not kept.
    weights_ : ndarray of float64 of shape (n_columns, n_classes)
    bias_ : ndarray of float64 of shape (n_classes,)
    """

    def __init__(self, penalty: float = 0.08, min_rows: int = 1, random_state: int = 0) -> None:
        self.penalty = penalty
        self.min_rows = min_rows
        self.random_state = random_state

    def fit(self, rows: HashedRows, label: NDArray[np.int64], n_classes: int) -> Self:
        """Learn from rows and their classes 0 … n_classes - 1.

        A class without a row scores -1 everywhere, as what lies on the margin's far side.
        """
        kept = np.flatnonzero(np.bincount(rows.indices, minlength=N_BUCKETS) >= self.min_rows)
        self.column_of_ = np.zeros(N_BUCKETS, dtype=np.int32)
        self.column_of_[kept] = np.arange(1, len(kept) + 1, dtype=np.int32)
        self.weights_ = np.zeros((len(kept) + 1, n_classes))
        self.bias_ = np.full(n_classes, -1.0)
        present = np.unique(label)
        if len(present) == 1:
            self.bias_[present] = 1.0
            return self
        machine = LinearSVC(C=self.penalty, random_state=self.random_state)
        machine.fit(self._matrix(rows), label)
        coefficients, intercepts = machine.coef_, machine.intercept_
        if len(present) == 2:  # noqa: PLR2004 - scikit-learn keeps one plane for two classes.
            coefficients = np.concatenate([-coefficients, coefficients])
            intercepts = np.concatenate([-intercepts, intercepts])
        self.weights_[:, present] = coefficients.T
        self.weights_[UNSEEN_COLUMN] = 0.0
        self.bias_[present] = intercepts
        return self

    def scores(self, rows: HashedRows) -> NDArray[np.float64]:
        """Return each class's score, about -1 … 1, of shape (n_rows, n_classes)."""
        scores: NDArray[np.float64] = self._matrix(rows) @ self.weights_ + self.bias_
        return scores

    def knows_brand(self, rows: HashedRows) -> NDArray[np.bool_]:
        """Return whether each row's brand was kept from training, of shape (n_rows,)."""
        known: NDArray[np.bool_] = self.column_of_[rows.brand] != UNSEEN_COLUMN
        return known

    def _matrix(self, rows: HashedRows) -> sparse.csr_matrix:
        columns = self.column_of_[rows.indices]
        # What was not kept is taken out, not left at column 0, where the penalty would see it.
        values = np.where(columns == UNSEEN_COLUMN, np.float32(0.0), rows.values)
        shape = (len(rows), len(self.weights_))
        matrix = sparse.csr_matrix((values, columns, rows.offsets), shape=shape)
        matrix.sum_duplicates()
        return matrix
