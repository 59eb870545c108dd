"""The blend of collaborative, sequential, content and popularity scores, as one linear model."""

from collections.abc import Mapping
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mlops_platform.models.recommendation.cold_items import borrowing, lend
from mlops_platform.models.recommendation.history import Recency
from mlops_platform.models.recommendation.item_weights import ItemWeights
from mlops_platform.models.recommendation.parts import (
    fit_content,
    fit_ease,
    fit_factors,
    fit_sequence,
)
from mlops_platform.models.recommendation.weighing import weighed

# Users on whose scores the parts are brought to one scale.
_N_SCALED: Final = 100


class HybridRecommender:
    r"""Weighted sum of item-item models, applied to a history that is weighed by recency.

    The score of item j is :math:`\sum_h r_h W_{hj} + b_j`: r weighs the history's items h by place
    and sums to 1, W is the weighted sum of the parts, each divided by the spread of its scores over
    the items, and b is the popularity, scaled alike. So a user without a history gets the most
    popular items, folding in a new history needs no fit, and what h adds is exactly
    :math:`r_h W_{hj}`. Items that nobody has borrow scores by content.

    Parameters
    ----------
    ease, sequence, factors, content, popularity
        Weights of the parts; a part of weight 0 is not fitted. Popularity's must be above 0: it
        alone answers users without a history.
    power
        Of the recency weights, see `recency_weights`.
    ease_l2, half_life, shrinkage, n_factors, factors_l2
        Hyperparameters of `Ease`, `SequenceKnn` and `ImplicitAls`.
    random_state
        Seed of the factors.

    Attributes
    ----------
    parts_ : dict of str to ItemWeights
        The fitted parts of non-zero weight.
    scales_ : dict of str to float
        What each part is multiplied with: its weight over its spread.
    n_users_ : ndarray of shape (n_items,)
        How many users have each item.
    popularity_ : ndarray of shape (n_items,)
        b, before cold items borrow.
    borrowing_ : csr_matrix of shape (n_items, n_items)
        See `cold_items.borrowing`.

    Examples
    --------
    >>> places = sparse.csr_matrix(np.array([[2.0, 1.0, 0.0], [2.0, 1.0, 0.0], [0.0, 2.0, 1.0]]))
    >>> model = HybridRecommender(factors=0.0).fit(places)
    >>> history = sparse.csr_matrix(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))
    >>> model.scores(history).argmax(axis=1)
    array([1, 1])
    """

    def __init__(
        self,
        *,
        ease: float = 1.0,
        sequence: float = 1.0,
        factors: float = 0.5,
        content: float = 0.1,
        popularity: float = 0.1,
        power: float = 0.5,
        ease_l2: float = 300.0,
        half_life: float = 20.0,
        shrinkage: float = 5.0,
        n_factors: int = 64,
        factors_l2: float = 5.0,
        random_state: int = 0,
    ) -> None:
        self.ease = ease
        self.sequence = sequence
        self.factors = factors
        self.content = content
        self.popularity = popularity
        self.power = power
        self.ease_l2 = ease_l2
        self.half_life = half_life
        self.shrinkage = shrinkage
        self.n_factors = n_factors
        self.factors_l2 = factors_l2
        self.random_state = random_state

    def fit(
        self, places: sparse.csr_matrix, item_features: sparse.csr_matrix | None = None
    ) -> Self:
        """Learn from histories of shape (n_users, n_items).

        Parameters
        ----------
        places
            Entries are places: 1 for a user's newest item, 2 for the one before; all 1 where the
            order is not known.
        item_features
            Properties of the items, of shape (n_items, n_tags).
        """
        fitted = {
            name: self.fit_part(name, places, item_features)
            for name, weight in self.part_weights().items()
            if weight and (name != "content" or item_features is not None)
        }
        return self.assemble(fitted, places, item_features)

    def part_weights(self) -> dict[str, float]:
        """Return the weights of the item-item parts by name."""
        return {
            "ease": self.ease,
            "sequence": self.sequence,
            "factors": self.factors,
            "content": self.content,
        }

    def fit_part(
        self, name: str, places: sparse.csr_matrix, item_features: sparse.csr_matrix | None
    ) -> ItemWeights:
        """Fit one part with this model's hyperparameters."""
        if name == "ease":
            return fit_ease(places, self.ease_l2)
        if name == "sequence":
            return fit_sequence(places, self.half_life, self.shrinkage)
        if name == "factors":
            return fit_factors(places, self.n_factors, self.factors_l2, self.random_state)
        return fit_content(item_features)

    def assemble(
        self,
        fitted: Mapping[str, ItemWeights],
        places: sparse.csr_matrix,
        item_features: sparse.csr_matrix | None,
    ) -> Self:
        """Bring fitted parts to one scale, as `fit` does: a search fits each part only once."""
        weights = self.part_weights()
        self.parts_ = dict(fitted)
        self.scales_ = {
            name: weights[name] / self.part_spread(part, places) for name, part in fitted.items()
        }
        n_users = np.bincount(places.indices, minlength=places.shape[1]).astype(np.float32)
        self.n_users_ = n_users
        self.popularity_ = self.popularity * n_users / spread(n_users[None])
        self.borrowing_ = borrowing(n_users, item_features)
        return self

    def part_spread(self, part: ItemWeights, places: sparse.csr_matrix) -> float:
        """Return the spread of a part's scores for a sample of the histories."""
        sample = places[:: max(1, places.shape[0] // _N_SCALED)]
        return spread(part.applied_to(self.weighed(sample)))

    def weighed(self, places: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return histories as recency weights: row by row what `recency_weights` returns."""
        return weighed(places, Recency(self.power))

    def scores(self, history: sparse.csr_matrix) -> NDArray[np.float32]:
        """Return scores of shape (n_users, n_items) for histories of places."""
        weighed = self.weighed(history)
        raw = np.tile(self.popularity_, (history.shape[0], 1))
        for name, part in self.parts_.items():
            raw += self.scales_[name] * part.applied_to(weighed)
        return lend(raw, self.borrowing_)


def spread(scores: NDArray[np.float32]) -> float:
    """Return the mean over users of the scores' standard deviation over items, 1 if there is none.

    Users whose scores are all alike, because nothing is known of them, are left out.
    """
    deviation = scores.std(axis=1)
    telling = deviation[deviation > 0]
    return float(telling.mean()) if len(telling) else 1.0
