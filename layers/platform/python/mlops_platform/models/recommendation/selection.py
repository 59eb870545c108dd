"""Choose the hybrid's hyperparameters and blend on histories' held-out ends."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mlops_platform.models.recommendation.cold_items import borrowing, lend
from mlops_platform.models.recommendation.hybrid import HybridRecommender, spread
from mlops_platform.models.recommendation.item_weights import ItemWeights
from mlops_platform.training.ranking_metrics import RankedHits, top_items

# Searched in this order, one at a time from the defaults on, twice over.
GRID: Final[dict[str, tuple[float, ...]]] = {
    "power": (0.0, 0.25, 0.5, 0.75, 1.0),
    "sequence": (0.0, 0.5, 1.0, 2.0, 4.0),
    "factors": (0.0, 0.5, 1.0),
    "popularity": (0.01, 0.1, 0.2, 0.4, 0.8),
    "content": (0.0, 0.1, 0.2, 0.4),
    "ease_l2": (30.0, 100.0, 300.0, 1000.0),
    "half_life": (5.0, 20.0, 60.0),
}
N_SWEEPS: Final = 2
K: Final = 20
# Scores that are held at one time; more users than fit are a sample.
_MAX_SCORES: Final = 8_000_000

# The hyperparameters on which each part depends.
_DEPENDS: Final[dict[str, tuple[str, ...]]] = {
    "ease": ("ease_l2",),
    "sequence": ("half_life", "shrinkage"),
    "factors": ("n_factors", "factors_l2", "random_state"),
    "content": (),
}


class HybridSearch:
    """Coordinate-wise search for the blend with the largest recall@20.

    Parameters
    ----------
    places, relevant : csr_matrix of shape (n_users, n_items)
        Histories of places, and what the users took up next.
    item_features : csr_matrix of shape (n_items, n_tags), or None
    random_state
        Seed of the sample of users and of the factors.
    """

    def __init__(
        self,
        places: sparse.csr_matrix,
        relevant: sparse.csr_matrix,
        item_features: sparse.csr_matrix | None = None,
        random_state: int = 0,
    ) -> None:
        self.places = places
        self.item_features = item_features
        self.random_state = random_state
        judged = np.flatnonzero(np.diff(relevant.indptr) > 0)
        most = max(200, _MAX_SCORES // places.shape[1])
        if len(judged) > most:
            judged = np.random.default_rng(random_state).choice(judged, most, replace=False)
        self._history, self._relevant = places[judged], relevant[judged]
        self._fitted: dict[tuple[Any, ...], ItemWeights] = {}
        self._scores: dict[tuple[Any, ...], NDArray[np.float32]] = {}
        self._recall: dict[tuple[Any, ...], float] = {}
        n_users = np.bincount(places.indices, minlength=places.shape[1]).astype(np.float32)
        self._loans = borrowing(n_users, item_features)
        self._popularity = lend(n_users[None] / spread(n_users[None]), self._loans)
        self._n_judged = len(judged)

    def best(self) -> dict[str, Any]:
        """Return the hyperparameters found, to be given to `HybridRecommender`."""
        chosen: dict[str, Any] = {}
        for _ in range(N_SWEEPS):
            for name, values in GRID.items():
                if name == "content" and self.item_features is None:
                    continue
                tried = {value: self.recall({**chosen, name: value}) for value in values}
                best = max(tried.values())
                current = getattr(self._unfitted(chosen), name)
                if tried.get(current, 0.0) < best:
                    current = next(value for value, recall in tried.items() if recall == best)
                chosen[name] = current
        return chosen

    def recall(self, hyperparameters: dict[str, float]) -> float:
        """Return the validation recall@20 of one candidate."""
        model = self._unfitted(hyperparameters)
        key = tuple(sorted(vars(model).items()))
        if key not in self._recall:
            scores = np.tile(np.float32(model.popularity) * self._popularity, (self._n_judged, 1))
            for name, weight in model.part_weights().items():
                if weight and (name != "content" or self.item_features is not None):
                    scores += np.float32(weight) * self._part_scores(model, name)
            found = top_items(scores, self._history, K)
            self._recall[key] = RankedHits.from_top_items(found, self._relevant).recall(K)
        return self._recall[key]

    def _part_scores(self, model: HybridRecommender, name: str) -> NDArray[np.float32]:
        """Return a part's scores of the judged users, of spread 1, computed once."""
        hyperparameters = (name, *(getattr(model, one) for one in _DEPENDS[name]))
        if hyperparameters not in self._fitted:
            self._fitted[hyperparameters] = model.fit_part(name, self.places, self.item_features)
        key = (*hyperparameters, model.power)
        if key not in self._scores:
            part = self._fitted[hyperparameters]
            scores = part.applied_to(model.weighed(self._history))
            scores /= model.part_spread(part, self.places)
            self._scores[key] = lend(scores, self._loans)
        return self._scores[key]

    def _unfitted(self, hyperparameters: dict[str, Any]) -> HybridRecommender:
        return HybridRecommender(random_state=self.random_state, **hyperparameters)
