"""The churn classifier: logistic regression on scaled features."""

from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler


class ChurnClassifier:
    """Probability that a user has left.

    Parameters
    ----------
    penalty
        Inverse strength of the L2 penalty, > 0.

    Attributes
    ----------
    model_ : Pipeline

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0]] * 50, dtype=np.float32)
    >>> y = np.array([0, 0, 1, 1] * 50)
    >>> ChurnClassifier().fit(X, y).predict_proba(X[:4]).round()
    array([0., 0., 1., 1.], dtype=float32)
    """

    def __init__(self, penalty: float = 1.0) -> None:
        self.penalty = penalty

    def fit(self, X: NDArray[np.float32], y: NDArray[np.int64]) -> Self:  # noqa: N803
        """Learn from rows of shape (n_samples, n_features) and labels 0 or 1."""
        self.model_: Pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=self.penalty))
        self.model_.fit(X, y)
        return self

    def predict_proba(self, X: NDArray[np.float32]) -> NDArray[np.float32]:  # noqa: N803
        """Return the probability of having left for each row, of shape (n_samples,)."""
        return np.asarray(self.model_.predict_proba(X)[:, 1], dtype=np.float32)
