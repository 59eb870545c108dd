"""What the model must beat: to call nothing fraud, and the handbook's features in usual models."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from mlops_platform.models.fraud_detection.features import FEATURE_NAMES

Rows = NDArray[np.float32]

# The handbook's fifteen: amount, weekend, night, and over 1, 7 and 30 days a customer's number and
# mean of transactions, and a terminal's number of transactions and share of known frauds.
HANDBOOK_FEATURES: Final = (
    "amount",
    "is_weekend",
    "is_night",
    *(
        f"{what}_{days}d"
        for what in ("user_n", "user_mean", "merchant_n", "merchant_risk")
        for days in (1, 7, 30)
    ),
)
_PLACES: Final = [FEATURE_NAMES.index(name) for name in HANDBOOK_FEATURES]


def baseline_scores(
    rows: Rows, is_fraud: NDArray[np.int64], test: Rows
) -> dict[str, NDArray[np.float32]]:
    """Return each baseline's scores of the test rows, each of shape (n_test,).

    Parameters
    ----------
    rows, test : of shape (n, n_features)
        Our own features, of which the baselines see the handbook's.
    is_fraud : of shape (n,)
        The labels of `rows`.
    """
    models: dict[str, Any] = {
        "logistic_regression": make_pipeline(
            SimpleImputer(strategy="median", keep_empty_features=True),
            StandardScaler(),
            LogisticRegression(max_iter=500),
        ),
        "xgboost": XGBClassifier(n_jobs=1, random_state=0),
    }
    seen = rows[:, _PLACES]
    scores = {
        name: model.fit(seen, is_fraud).predict_proba(test[:, _PLACES])[:, 1]
        for name, model in models.items()
    }
    return {"majority": np.zeros(len(test), dtype=np.float32), **scores}
