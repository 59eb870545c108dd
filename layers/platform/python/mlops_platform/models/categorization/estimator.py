"""The categorization classifier: a linear head, calibrated, that abstains when it is unsure."""

from collections.abc import Iterable
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.model_selection import GroupKFold, KFold

from mlops_platform.errors import TrainingDataError
from mlops_platform.models.categorization.calibration import confidence_at_coverage, fit_scale
from mlops_platform.models.categorization.hashed_rows import HashedRows
from mlops_platform.models.categorization.linear_head import LinearHead

COVERAGE: Final = 0.8
Float64s = NDArray[np.float64]
Folds = Iterable[tuple[NDArray[np.int64], NDArray[np.int64]]]


class TransactionClassifier:
    """Probability of each category for a transaction.

    Scores become probabilities by one scale for brands that were seen in training and by another
    for new ones, whose scores lack what was learned of the brand itself. The first is fitted on
    rows held out at random, the second on rows whose whole brand was held out.

    Parameters
    ----------
    penalty
        Inverse strength of the linear head's L2 penalty, > 0.
    min_rows
        A feature that fewer training values have is dropped.
    n_folds
        Parts into which the training rows are cut for calibration.
    coverage
        Share of rows like those of training that `threshold_` lets be answered.
    random_state
        Seed: equal data and seed give equal models.

    Attributes
    ----------
    classes_ : ndarray of str of shape (n_classes,)
    head_ : LinearHead
    known_scale_, new_scale_ : float
    threshold_ : float
        Confidence from which on it answers: out of fold, `coverage` of the rows reach it.

    Examples
    --------
    >>> from mlops_platform.models.categorization.features import from_columns, hashed_rows
    >>> rows = hashed_rows(from_columns(["bp", "shell", "tesco", "asda"] * 10))
    >>> labels = np.array(["fuel", "fuel", "food", "food"] * 10)
    >>> TransactionClassifier().fit(rows, labels).predict(rows.take(np.arange(4)))
    array(['fuel', 'fuel', 'food', 'food'], dtype='<U4')
    """

    def __init__(
        self,
        penalty: float = 0.08,
        min_rows: int = 1,
        n_folds: int = 3,
        coverage: float = COVERAGE,
        random_state: int = 0,
    ) -> None:
        self.penalty = penalty
        self.min_rows = min_rows
        self.n_folds = n_folds
        self.coverage = coverage
        self.random_state = random_state

    def fit(self, rows: HashedRows, y: NDArray[np.str_]) -> Self:
        """Learn from rows and their categories, of shape (n_rows,).

        Raises
        ------
        TrainingDataError
            There are fewer than two categories, or not enough rows to hold some out.
        """
        self.classes_, label = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2 or len(rows) < 2 * self.n_folds:  # noqa: PLR2004
            raise TrainingDataError(
                f"{len(rows)} rows of {len(self.classes_)} categories are too few to learn and "
                f"calibrate; at least {2 * self.n_folds} rows and two categories are needed. Add "
                "labelled transactions."
            )
        self._calibrate(rows, label)
        self.head_ = self._head().fit(rows, label, len(self.classes_))
        return self

    def predict_proba(self, rows: HashedRows) -> NDArray[np.float32]:
        """Return the probability of each class, of shape (n_rows, n_classes)."""
        return self._probabilities(self.head_.scores(rows), self.head_.knows_brand(rows))

    def predict(self, rows: HashedRows) -> NDArray[np.str_]:
        """Return the most probable category of each row, of shape (n_rows,)."""
        chosen: NDArray[np.str_] = self.classes_[self.predict_proba(rows).argmax(axis=1)]
        return chosen

    def answers(self, probabilities: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Return for which rows of probabilities it is sure enough to answer."""
        sure: NDArray[np.bool_] = probabilities.max(axis=1) >= self.threshold_
        return sure

    def _head(self) -> LinearHead:
        return LinearHead(self.penalty, self.min_rows, self.random_state)

    def _calibrate(self, rows: HashedRows, label: NDArray[np.int64]) -> None:
        """Set both scales and the threshold; what the data does not have keeps the other's."""
        random = KFold(self.n_folds, shuffle=True, random_state=self.random_state)
        scores, is_known = self._held_out(rows, label, random.split(label))
        chosen = is_known if is_known.any() else np.ones_like(is_known)
        self.known_scale_ = self.new_scale_ = fit_scale(scores[chosen], label[chosen])
        if len(np.unique(rows.brand)) >= self.n_folds:
            by_brand = GroupKFold(self.n_folds).split(label, groups=rows.brand)
            new_scores, _ = self._held_out(rows, label, by_brand)
            self.new_scale_ = fit_scale(new_scores, label)
        confidence = self._probabilities(scores, is_known).max(axis=1)
        self.threshold_ = confidence_at_coverage(confidence, self.coverage)

    def _held_out(
        self, rows: HashedRows, label: NDArray[np.int64], folds: Folds
    ) -> tuple[Float64s, NDArray[np.bool_]]:
        """Return scores of every row by a head without it, and whether that knew its brand."""
        n_classes = len(self.classes_)
        scores = np.empty((len(rows), n_classes))
        is_known = np.empty(len(rows), dtype=bool)
        for train, held_out in folds:
            head = self._head().fit(rows.take(train), label[train], n_classes)
            scores[held_out] = head.scores(rows.take(held_out))
            is_known[held_out] = head.knows_brand(rows.take(held_out))
        return scores, is_known

    def _probabilities(self, scores: Float64s, is_known: NDArray[np.bool_]) -> NDArray[np.float32]:
        scale = np.where(is_known, self.known_scale_, self.new_scale_)
        return np.asarray(softmax(scale[:, None] * scores, axis=1), dtype=np.float32)
