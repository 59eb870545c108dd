"""Make scores probabilities without changing their order."""

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

# Scores are float32: nearer to 0 or 1 than this, their log-odds are noise.
SMALLEST_SCORE: Final = 1e-6
_NO_PENALTY: Final = np.inf


@dataclass(frozen=True)
class PlattScaling:
    """Probability = sigmoid(slope * log-odds of the score + intercept).

    The default changes nothing.

    References
    ----------
    .. [1] Platt 1999, "Probabilistic outputs for support vector machines", on log-odds, as Kull et
       al. 2017 do for scores that are probabilities already.

    Examples
    --------
    >>> PlattScaling(slope=2.0).apply(np.float32([0.5, 0.75])).round(2)
    array([0.5, 0.9], dtype=float32)
    """

    slope: float = 1.0
    intercept: float = 0.0

    @classmethod
    def fit(cls, score: NDArray[np.float32], positive: NDArray[np.int64]) -> Self:
        """Fit to scores of rows that their model has not learnt from, both of shape (n,).

        Scores that do not rank, so that a larger one were less probable, are left as they are.
        """
        model = LogisticRegression(C=_NO_PENALTY).fit(log_odds(score)[:, np.newaxis], positive)
        slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
        return cls(slope, intercept) if slope > 0 else cls()

    def apply(self, score: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return probabilities for scores of shape (n,)."""
        if self == PlattScaling():
            return score
        scaled = self.slope * log_odds(score) + self.intercept
        probability: NDArray[Any] = 1.0 / (1.0 + np.exp(-scaled))
        return probability.astype(np.float32)


def log_odds(score: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return log(p / (1 - p)), for p no nearer to 0 or 1 than `SMALLEST_SCORE`."""
    p = np.clip(score.astype(np.float64), SMALLEST_SCORE, 1.0 - SMALLEST_SCORE)
    return np.log(p / (1.0 - p))
