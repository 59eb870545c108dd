"""Gradient boosting over who a user is and what they own: for tables of a few hundred products."""

from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.model_selection import KFold
from xgboost import XGBClassifier

from mlops_platform.errors import TrainingDataError
from mlops_platform.models.recommendation.ease import Ease

Floats = NDArray[np.float32]

# Parts of the users that get their EASE scores from a model fitted on the others.
_N_FOLDS: Final = 5
# See `fraud_detection.estimator`: one thread for a fit keeps results equal on every machine.
_N_JOBS: Final = 1
# Of a product that nobody owned in training.
_LEAST_PROBABILITY: Final = 1.0e-9


class BoostedProducts:
    """Log probability that a product is the one a user owns beside what is known.

    It learns from users with one owned product hidden at a time, which is the class to be told;
    a user's rows weigh one together.

    Parameters
    ----------
    use_owned
        Let it see the other owned products and the scores of EASE over them. Without, it is the
        content model: the user's columns alone.
    n_estimators, learning_rate, max_depth
        Of the booster.
    ease_l2
        Ridge penalty of EASE.
    max_entries
        Hidden products that are learnt from, times the products: more are sampled, because a round
        fits a tree for each product.
    random_state
        Seed of sample, folds and booster.

    Attributes
    ----------
    products_ : ndarray of shape (n_classes,)
        Products that somebody owned, in the order of the booster's classes.
    ease_ : Ease
        Fitted on all users; only where owned products are used.
    booster_ : XGBClassifier

    Examples
    --------
    >>> columns = np.repeat([[0.0], [1.0]], 50, axis=0).astype(np.float32)
    >>> owned = np.repeat([[1, 1, 0], [1, 0, 1]], 50, axis=0).astype(np.float32)
    >>> model = BoostedProducts(n_estimators=20).fit(columns, owned)
    >>> model.scores(columns[[0, 50]], owned[[0, 50]] * [1, 0, 0]).argmax(axis=1)
    array([1, 2])
    """

    def __init__(
        self,
        *,
        use_owned: bool = True,
        n_estimators: int = 100,
        learning_rate: float = 0.15,
        max_depth: int = 4,
        ease_l2: float = 100.0,
        max_entries: int = 1_500_000,
        random_state: int = 0,
    ) -> None:
        self.use_owned = use_owned
        self.n_estimators = n_estimators
        self.learning_rate = learning_rate
        self.max_depth = max_depth
        self.ease_l2 = ease_l2
        self.max_entries = max_entries
        self.random_state = random_state

    def fit(self, columns: Floats, owned: Floats) -> Self:
        """Learn from users' columns (n_users, n_columns; NaN is missing) and 0/1 products.

        Raises
        ------
        TrainingDataError
            Fewer than two products are owned by anybody.
        """
        user, product = np.nonzero(owned)
        self.products_ = np.unique(product)
        if len(self.products_) < 2:  # noqa: PLR2004
            raise TrainingDataError(
                f"{len(self.products_)} products are owned by anybody; a choice needs two. Add "
                "users who own others."
            )
        n_rows = self.max_entries // len(self.products_)
        if len(user) > n_rows:
            random = np.random.default_rng(self.random_state)
            chosen = np.sort(random.choice(len(user), n_rows, replace=False))
            user, product = user[chosen], product[chosen]
            self.products_ = np.unique(product)
        rest = owned[user]
        weight = 1.0 / rest.sum(axis=1)
        rest[np.arange(len(user)), product] = 0.0
        ease = self._fit_ease(owned, user, rest) if self.use_owned else None
        self.booster_ = self._unfitted().fit(
            self._rows(columns[user], rest, ease),
            np.searchsorted(self.products_, product),
            sample_weight=weight,
        )
        return self

    def scores(self, columns: Floats, owned: Floats) -> Floats:
        """Return log probabilities of shape (n_users, n_products)."""
        ease = self.ease_.scores(sparse.csr_matrix(owned)) if self.use_owned else None
        probability = self.booster_.predict_proba(self._rows(columns, owned, ease))
        every = np.full(owned.shape, _LEAST_PROBABILITY, dtype=np.float32)
        every[:, self.products_] = np.maximum(probability, _LEAST_PROBABILITY)
        return np.log(every)

    def _fit_ease(self, owned: Floats, user: NDArray[np.int64], rest: Floats) -> Floats:
        """Fit EASE, and return for the rows what a model that has not met their users says."""
        self.ease_ = Ease(l2=self.ease_l2).fit(sparse.csr_matrix(owned))
        scores = np.zeros(rest.shape, dtype=np.float32)
        folds = KFold(min(_N_FOLDS, len(owned)), shuffle=True, random_state=self.random_state)
        for others, own in folds.split(owned):
            rows = np.isin(user, own)
            ease = Ease(l2=self.ease_l2).fit(sparse.csr_matrix(owned[others]))
            scores[rows] = ease.scores(sparse.csr_matrix(rest[rows]))
        return scores

    @staticmethod
    def _rows(columns: Floats, owned: Floats, ease: Floats | None) -> Floats:
        return columns if ease is None else np.hstack([columns, owned, ease])

    def _unfitted(self) -> XGBClassifier:
        return XGBClassifier(
            objective="multi:softprob",
            n_estimators=self.n_estimators,
            learning_rate=self.learning_rate,
            max_depth=self.max_depth,
            subsample=0.8,
            colsample_bytree=0.6,
            min_child_weight=2.0,
            tree_method="hist",
            max_bin=64,
            random_state=self.random_state,
            n_jobs=_N_JOBS,
        )
