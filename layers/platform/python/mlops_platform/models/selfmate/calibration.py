"""From the heads' scores to probabilities, and to whether a text is in scope at all."""

from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_curve
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlops_platform.models.selfmate.heads import HeadScores

Floats = NDArray[np.float64]
# Natural logarithms of the smallest and largest temperature's inverse that is tried.
_SHARPNESS_RANGE: Final = (-3.0, 5.0)


def fitted_sharpness(scores: Floats, intents: NDArray[np.int64]) -> float:
    """Return the factor that makes a softmax of scores (n, n_intents) likeliest.

    References
    ----------
    .. [1] Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2 (temperature
       scaling; the factor is the temperature's inverse).

    Examples
    --------
    Three of four right at a distance of 1 are worth odds of 3 to 1:

    >>> scores = np.array([[1.0, 0.0]] * 4)
    >>> round(fitted_sharpness(scores, np.array([0, 0, 0, 1])) - np.log(3).item(), 3)
    0.0
    """
    rows = np.arange(len(intents))

    def loss(log_sharpness: float) -> float:
        scaled = scores * np.exp(log_sharpness)
        return float(-log_softmax(scaled, axis=1)[rows, intents].mean())

    return float(np.exp(minimize_scalar(loss, bounds=_SHARPNESS_RANGE, method="bounded").x))


class Blend:
    """The mean of the heads' scores, each brought to the scale of log-odds first.

    Attributes
    ----------
    factors_ : ndarray of shape (3,)
        What each head's scores are multiplied with before they are added.
    """

    def fit(self, scores: Floats, intents: NDArray[np.int64]) -> Self:
        """Learn from scores (3, n, n_intents) of rows that the heads did not learn from."""
        each = np.array([fitted_sharpness(head, intents) for head in scores]) / len(scores)
        self.factors_ = each * fitted_sharpness(np.tensordot(each, scores, 1), intents)
        return self

    def logits(self, scores: Floats) -> Floats:
        """Return log-probabilities up to a constant for each row, of shape (n, n_intents)."""
        return np.tensordot(self.factors_, scores, 1)


class ScopeJudge:
    """Whether a text is out of scope, from four signals of how well it fits any intent.

    Parameters
    ----------
    max_false_rejection
        Largest share of texts in scope that the threshold may reject.

    Attributes
    ----------
    coefficients_ : ndarray of shape (4,)
    intercept_ : float
    threshold_ : float
        From this score on a text counts as out of scope: where detection minus false rejection
        is largest (Youden's J) within the allowance.
    """

    def __init__(self, max_false_rejection: float = 0.1) -> None:
        self.max_false_rejection = max_false_rejection

    def fit(self, signals: Floats, is_foreign: NDArray[np.bool_]) -> Self:
        """Learn from signals (n, 4) of texts that the heads did not learn from."""
        scaler = StandardScaler()
        model = LogisticRegression(class_weight="balanced")
        make_pipeline(scaler, model).fit(signals, is_foreign)
        self.coefficients_ = model.coef_[0] / scaler.scale_
        self.intercept_ = float(model.intercept_[0] - self.coefficients_ @ scaler.mean_)
        rejected, detected, thresholds = roc_curve(is_foreign, self.score(signals))
        gain = np.where(rejected <= self.max_false_rejection, detected - rejected, -1.0)
        # The curve begins above every score; a threshold there would be infinite.
        self.threshold_ = float(min(thresholds[gain.argmax()], 1.0))
        return self

    def score(self, signals: Floats) -> Floats:
        """Return scores between 0 and 1, of shape (n,); higher is more foreign."""
        odds = signals @ self.coefficients_ + self.intercept_
        scores: Floats = 1 / (1 + np.exp(-odds))
        return scores


def scope_signals(scores: HeadScores, logits: Floats) -> Floats:
    """Return how well texts fit their best intents, of shape (n, 4).

    In order: the largest log-probability, the largest n-gram margin, the largest kernel score, the
    nearness to an intent's mean.
    """
    return np.stack(
        [
            logits.max(axis=1) - logsumexp(logits, axis=1),
            scores.ngram.max(axis=1),
            scores.kernel.max(axis=1),
            scores.nearness,
        ],
        axis=1,
    )
