"""Why a transaction scores as it does: the inputs that moved it most."""

import dataclasses
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.explanations.tree_shap import TreeShap
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES

TREES: Final = "trees.npz"
N_REASONS: Final = 3
# What the trees of each algorithm add up to.
SCALES: Final = {"xgboost": "log_odds", "random_forest": "probability"}


@dataclasses.dataclass(frozen=True)
class Explainer:
    """Explains rows of features.

    Parameters
    ----------
    shap
        Of the served ensemble, over `FEATURE_NAMES`.
    scale
        ``log_odds`` of the answered probability, or ``probability`` where the trees vote on it
        (a forest's is the one before calibration).
    """

    shap: TreeShap
    scale: str

    def explain(self, row: NDArray[np.float32]) -> dict[str, Any]:
        """Return why a row of shape (n_features,) scores as it does.

        Returns
        -------
        dict
            ``expected`` (the answer to an average transaction) and all contributions make
            ``total``, both on ``scale``; ``reasons`` are the largest contributions, each with the
            ``input``, its ``value`` (null where it is missing) and its ``contribution``.
        """
        contributions = self.shap.contributions(row)
        largest = np.argsort(-np.abs(contributions), kind="stable")[:N_REASONS]
        return {
            "scale": self.scale,
            "expected": self.shap.expected,
            "total": self.shap.expected + float(contributions.sum()),
            "reasons": [
                {
                    "input": FEATURE_NAMES[place],
                    "value": None if np.isnan(row[place]) else float(row[place]),
                    "contribution": float(contributions[place]),
                }
                for place in largest.tolist()
            ],
        }
