"""What users themselves say about merchants, learned at once and without training.

Two memories stand behind the model. A user's own corrections of a brand win for that user. What
the users think of a brand, one vote each, moves the answer for everyone else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

# A correction weighs this much of the next one: two in a row outweigh any history before them,
# because 0.7² + 0.7³ + … = 1.63 < 1 + 0.7, while a single one does not overturn a habit.
DECAY: Final = 0.7
# Votes that the model's probabilities are worth beside other users' votes.
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
    _votes: dict[str, dict[str, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for user, brand in self.own:
            self._vote(brand, self.own_label(user, brand), 1)

    def learn(self, user: str, brand: str, category: str) -> None:
        """Take in that a user calls a brand's transaction this; the newest must come last."""
        self._vote(brand, self.own_label(user, brand), -1)
        older = self.own.get((user, brand), {})
        weights = {name: weight * DECAY for name, weight in older.items()}
        weights[category] = weights.get(category, 0.0) + 1.0
        self.own[user, brand] = weights
        self._vote(brand, self.own_label(user, brand), 1)

    def own_label(self, user: str, brand: str) -> str | None:
        """Return the category that a user's corrections of a brand favour, None without any."""
        weights = self.own.get((user, brand))
        return None if not weights else max(weights, key=lambda name: (weights[name], name))

    def votes(self, brand: str) -> Mapping[str, int]:
        """Return how many users call a brand what: each has one vote, however often they say so."""
        return self._votes.get(brand, {})

    def apply(
        self,
        probabilities: NDArray[np.float32],
        classes: Sequence[str],
        user: str,
        brand: str,
    ) -> NDArray[np.float32]:
        """Return one row of the model's probabilities, of shape (n_classes,), corrected.

        Corrections to a category that the model does not know change nothing here; `own_label`
        still knows them.
        """
        shared = posterior(probabilities, classes, self.votes(brand), MODEL_VOTES)
        own = {name: OWN_VOTES * weight for name, weight in self.own.get((user, brand), {}).items()}
        return posterior(shared, classes, own, MODEL_VOTES)

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

    def _vote(self, brand: str, category: str | None, change: int) -> None:
        if category is None:
            return
        votes = self._votes.setdefault(brand, {})
        votes[category] = votes.get(category, 0) + change
        if not votes[category]:
            del votes[category]


def posterior(
    prior: NDArray[np.float32],
    classes: Sequence[str],
    votes: Mapping[str, float],
    prior_votes: float,
) -> NDArray[np.float32]:
    """Return the mean of a Dirichlet distribution after votes.

    With prior probabilities p, worth s votes, and n_c votes for class c out of n:
    (s * p_c + n_c) / (s + n).

    References
    ----------
    .. [1] Gelman et al., "Bayesian data analysis", 3rd edition, section 3.4.

    Examples
    --------
    >>> posterior(np.float32([0.75, 0.25]), ["food", "fuel"], {"fuel": 2}, 2.0)
    array([0.375, 0.625], dtype=float32)
    """
    if not votes:
        return prior
    counts = np.array([votes.get(name, 0.0) for name in classes])
    mean: NDArray[np.float64] = (prior_votes * prior.astype(np.float64) + counts) / (
        prior_votes + counts.sum()
    )
    return np.asarray(mean, dtype=np.float32)
