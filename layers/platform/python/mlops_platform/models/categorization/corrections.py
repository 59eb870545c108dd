"""What users themselves say about merchants, learned at once and without training.

The model learns most of it when it is trained next. Until then a user's own corrections of a brand
win for that user; other users' answers do not move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

# A correction weighs this much of the next one: two in a row outweigh any history before them,
# because 0.7² + 0.7³ + … = 1.63 < 1 + 0.7, while a single one does not overturn a habit.
DECAY: Final = 0.7
# Votes that the model's probabilities are worth beside a user's corrections.
MODEL_VOTES: Final = 5.0
# Votes that a user's newest correction is worth to that user: more than `MODEL_VOTES`, so that one
# correction wins whatever the model thinks.
OWN_VOTES: Final = 20.0

UserBrand = tuple[str, str]


@dataclass
class Corrections:
    """Corrections of users, by user and brand.

    Parameters
    ----------
    own
        Decayed weights of the categories that a user gave a brand, by (user, `brand_key`).

    Examples
    --------
    >>> memory = Corrections()
    >>> memory.learn("ann", "corner shop", "food")
    >>> memory.own_label("ann", "corner shop"), memory.own_label("bob", "corner shop")
    ('food', None)
    """

    own: dict[UserBrand, dict[str, float]] = field(default_factory=dict)

    def learn(self, user: str, brand: str, category: str) -> None:
        """Take in that a user calls a brand's transaction this; the newest must come last."""
        older = self.own.get((user, brand), {})
        weights = {name: weight * DECAY for name, weight in older.items()}
        weights[category] = weights.get(category, 0.0) + 1.0
        self.own[user, brand] = weights

    def own_label(self, user: str, brand: str) -> str | None:
        """Return the category that a user's corrections of a brand favour, None without any."""
        weights = self.own.get((user, brand))
        return None if not weights else max(weights, key=lambda name: (weights[name], name))

    def votes(self, classes: Sequence[str], user: str, brand: str) -> NDArray[np.float32]:
        """Return a user's votes on a brand by class, of shape (n_classes,), as `posterior` takes.

        Votes for categories that the model does not know are left out; `own_label` knows them.
        """
        own = self.own.get((user, brand), {})
        return np.array([OWN_VOTES * own.get(name, 0.0) for name in classes], dtype=np.float32)

    def to_rows(self) -> list[dict[str, Any]]:
        """Return everything as rows that JSON can hold, in a fixed order."""
        return [
            {"user": user, "brand": brand, "weights": dict(sorted(weights.items()))}
            for (user, brand), weights in sorted(self.own.items())
        ]

    @classmethod
    def from_rows(cls, rows: Sequence[Mapping[str, Any]]) -> Self:
        """Read what `to_rows` wrote."""
        return cls({(row["user"], row["brand"]): dict(row["weights"]) for row in rows})


def posterior(prior: NDArray[np.float32], votes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of Dirichlet distributions after votes, of shape (n, n_classes).

    With prior probabilities p, worth s = `MODEL_VOTES`, and v_c votes for class c out of v:
    (s * p_c + v_c) / (s + v).

    Parameters
    ----------
    prior, votes
        The model's probabilities and `Corrections.votes`, of shape (n, n_classes).

    References
    ----------
    .. [1] Gelman et al., "Bayesian data analysis", 3rd edition, section 3.4.

    Examples
    --------
    >>> posterior(np.float32([[0.75, 0.25]]), np.float32([[0.0, 5.0]]))
    array([[0.375, 0.625]], dtype=float32)
    """
    mean: NDArray[np.float64] = (MODEL_VOTES * prior.astype(np.float64) + votes) / (
        MODEL_VOTES + votes.sum(axis=1, keepdims=True)
    )
    return np.asarray(mean, dtype=np.float32)
