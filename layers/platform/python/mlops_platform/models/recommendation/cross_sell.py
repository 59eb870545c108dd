"""The cross-sell blend: boosting over everything, with content and EASE alone beside it."""

import itertools
from collections.abc import Mapping
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mlops_platform.models.recommendation.boosted_products import BoostedProducts, Floats
from mlops_platform.models.recommendation.ease import Ease

PARTS: Final = ("boosted", "content", "ease")
# Weights that are tried; each source alone is among them, boosting alone comes first. EASE's scores
# lie between about 0 and 1: with these weights they range as log-probabilities do.
SHARES: Final = (
    (1.0, 0.0, 0.0),
    *((1.0, *rest) for rest in itertools.product((0.0, 0.5, 1.0), (0.0, 3.0, 10.0)) if any(rest)),
    (0.0, 1.0, 0.0),
    (0.0, 1.0, 3.0),
    (0.0, 1.0, 10.0),
    (0.0, 0.0, 1.0),
)


class CrossSellRecommender:
    """Weighted sum of `BoostedProducts` over all, `BoostedProducts` over columns, and EASE.

    Parameters
    ----------
    shares
        Weights of the boosted log probability, the content model's and EASE's scores.
    boosted, content
        Hyperparameters of the two `BoostedProducts`.
    ease_l2
        Ridge penalty of EASE, alone and as the boosted model's input.
    random_state
        Seed.

    Attributes
    ----------
    boosted_, content_ : BoostedProducts
    ease_ : Ease

    Examples
    --------
    >>> columns = np.repeat([[0.0], [1.0]], 50, axis=0).astype(np.float32)
    >>> owned = np.repeat([[1, 1, 0], [1, 0, 1]], 50, axis=0).astype(np.float32)
    >>> model = CrossSellRecommender(boosted={"n_estimators": 20}).fit(columns, owned)
    >>> model.scores(columns[[0, 50]], owned[[0, 50]] * [1, 0, 0]).argmax(axis=1)
    array([1, 2])
    """

    def __init__(
        self,
        *,
        shares: tuple[float, float, float] = SHARES[0],
        boosted: Mapping[str, Any] | None = None,
        content: Mapping[str, Any] | None = None,
        ease_l2: float = 100.0,
        random_state: int = 0,
    ) -> None:
        self.shares = shares
        self.boosted = boosted
        self.content = content
        self.ease_l2 = ease_l2
        self.random_state = random_state

    def fit(self, columns: Floats, owned: Floats) -> Self:
        """Learn from users' columns (n_users, n_columns; NaN is missing) and 0/1 products.

        All three are fitted, whatever their shares: the two sources alone stand in the model card
        beside the blend.
        """
        seed = self.random_state
        self.ease_ = Ease(l2=self.ease_l2).fit(sparse.csr_matrix(owned))
        self.boosted_ = BoostedProducts(
            ease_l2=self.ease_l2, random_state=seed, **(self.boosted or {})
        ).fit(columns, owned)
        self.content_ = BoostedProducts(
            use_owned=False, random_state=seed, **(self.content or {})
        ).fit(columns, owned)
        return self

    def part_scores(self, columns: Floats, owned: Floats) -> dict[str, Floats]:
        """Return each source's scores of shape (n_users, n_products)."""
        return {
            "boosted": self.boosted_.scores(columns, owned),
            "content": self.content_.scores(columns, owned),
            "ease": self.ease_.scores(sparse.csr_matrix(owned)),
        }

    def scores(self, columns: Floats, owned: Floats) -> Floats:
        """Return scores of shape (n_users, n_products); owned products are not left out yet."""
        return blended(self.part_scores(columns, owned), self.shares)


def blended(parts: Mapping[str, Floats], shares: tuple[float, float, float]) -> Floats:
    """Return the weighted sum of the parts' scores."""
    total = np.zeros_like(parts["ease"])
    for name, share in zip(PARTS, shares, strict=True):
        if share:
            total += np.float32(share) * parts[name]
    return total


def first_choice(scores: Floats, owned: Floats) -> NDArray[np.int64]:
    """Return each user's best product that is not owned, of shape (n_users,)."""
    return np.asarray(np.where(owned > 0, -np.inf, scores).argmax(axis=1))


def best_shares(
    parts: Mapping[str, Floats], owned: Floats, hidden: NDArray[np.int64]
) -> tuple[float, float, float]:
    """Return the shares whose first choice is most often the hidden product; the first of equals.

    Parameters
    ----------
    parts
        From `CrossSellRecommender.part_scores`, fitted on other users.
    owned : of shape (n_users, n_products)
        What was shown.
    hidden : of shape (n_users,)
        The product that was not.
    """
    hits = [
        np.count_nonzero(first_choice(blended(parts, shares), owned) == hidden) for shares in SHARES
    ]
    return SHARES[int(np.argmax(hits))]
