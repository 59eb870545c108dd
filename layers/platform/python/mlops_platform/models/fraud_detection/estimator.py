"""The fraud classifiers that compete for the job: gradient boosting and a random forest."""

from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from xgboost import XGBClassifier

from mlops_platform.training.platt_scaling import PlattScaling

# One thread for a fit: the order of floating-point sums, and so the bundle's hash, is then the same
# on every machine; and boosting's threads wait for each other by spinning, which on a busy machine
# costs eight times the work. The search runs several fits at once instead.
N_JOBS: Final = 1

# Chosen on the public benchmark's first weeks, before any fold that is reported.
_DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "xgboost": {
        "n_estimators": 300,
        "learning_rate": 0.05,
        "max_depth": 6,
        "subsample": 0.8,
        "colsample_bytree": 0.3,
        # Frauds are one in a hundred: 256 quantiles of an amount cannot tell the largest few apart.
        "max_bin": 2048,
        "reg_lambda": 5.0,
    },
    "random_forest": {
        "n_estimators": 60,
        "max_depth": 12,
        "min_samples_leaf": 5,
        "max_samples": 0.3,
        "max_features": "sqrt",
    },
}

# A row's hessian is the chance that it is fraud, less its square, so that a leaf's hessians add up
# to about the frauds that are expected in it. Leaves of fewer fit noise; but of a hundred frauds in
# all, leaves of so many would find nothing.
_LEAF_FRAUDS: Final = (1.0, 20.0)
_LEAF_SHARE: Final = 0.04


def smallest_leaf(n_frauds: int) -> float:
    """Return the hessians that a leaf of boosting must have, given the frauds to learn from.

    Examples
    --------
    >>> [smallest_leaf(n_frauds) for n_frauds in (10, 100, 10_000)]
    [1.0, 4.0, 20.0]
    """
    least, most = _LEAF_FRAUDS
    return min(max(n_frauds * _LEAF_SHARE, least), most)


class FraudClassifier:
    """Probability that a transaction is fraud.

    Parameters
    ----------
    algorithm
        ``xgboost`` splits on missing values itself; ``random_forest`` imputes medians first,
        because its ONNX form is silently wrong with NaN.
    hyperparameters
        Overrides of the algorithm's defaults, in its library's names.
    random_state
        Seed: equal data and seed give equal models.

    Attributes
    ----------
    model_ : XGBClassifier or Pipeline
        The fitted model.
    scaling_ : PlattScaling
        What makes its scores probabilities; it changes nothing until `calibrate`.
    hyperparameters_ : dict
        Everything it was fitted with.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0]] * 50, dtype=np.float32)
    >>> y = np.array([0, 0, 1, 1] * 50)
    >>> FraudClassifier("random_forest").fit(X, y).predict_proba(X[:4]).round()
    array([0., 0., 1., 1.], dtype=float32)
    """

    def __init__(
        self,
        algorithm: str = "xgboost",
        hyperparameters: dict[str, Any] | None = None,
        random_state: int = 0,
    ) -> None:
        self.algorithm = algorithm
        self.hyperparameters = hyperparameters
        self.random_state = random_state

    def fit(self, X: NDArray[np.float32], y: NDArray[np.int64]) -> Self:  # noqa: N803
        """Learn from rows of shape (n_samples, n_features) and labels 0 or 1."""
        defaults = _DEFAULTS[self.algorithm]
        if self.algorithm == "xgboost":
            defaults = {**defaults, "min_child_weight": smallest_leaf(int(y.sum()))}
        self.hyperparameters_ = defaults | (self.hyperparameters or {})
        self.model_ = self._unfitted()
        self.model_.fit(X, y)
        self.scaling_ = PlattScaling()
        return self

    def calibrate(self, scaling: PlattScaling) -> Self:
        """Let answers be scaled, by what was fitted to scores of rows that were not learnt from."""
        self.scaling_ = scaling
        return self

    def predict_proba(self, X: NDArray[np.float32]) -> NDArray[np.float32]:  # noqa: N803
        """Return the probability of fraud for each row, of shape (n_samples,)."""
        score = np.asarray(self.model_.predict_proba(X)[:, 1], dtype=np.float32)
        return self.scaling_.apply(score)

    def _unfitted(self) -> XGBClassifier | Pipeline:
        if self.algorithm == "xgboost":
            return XGBClassifier(
                **self.hyperparameters_,
                tree_method="hist",
                random_state=self.random_state,
                n_jobs=N_JOBS,
            )
        forest = RandomForestClassifier(
            **self.hyperparameters_, random_state=self.random_state, n_jobs=N_JOBS
        )
        return make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), forest)
