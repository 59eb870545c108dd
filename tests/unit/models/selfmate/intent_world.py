"""Texts of known intents: each intent has its words, and a direction that its embeddings share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.selfmate.intent_rows import IntentRows

HIDDEN = 24
_FILLERS = ("please", "can", "you", "tell", "me", "my", "the", "about")
_SYLLABLES = ("ba", "ko", "ri", "tu", "mes", "lan", "dov", "pel", "sin", "gar")


@dataclass(frozen=True)
class IntentWorld:
    """Drawn texts, their features and intents, all of length n."""

    texts: list[str]
    rows: IntentRows
    labels: NDArray[np.str_]


def intent_world(n_intents: int, n_each: int, seed: int, first: int = 0) -> IntentWorld:
    """Draw `n_each` texts of each of the intents numbered from `first` on.

    An intent's words and direction depend on its number alone, so parts drawn apart fit together.
    """
    rng = np.random.default_rng([seed, first])
    texts, embeddings, labels = [], [], []
    for number in range(first, first + n_intents):
        own = np.random.default_rng([99, number])
        words = ["".join(own.choice(_SYLLABLES, 3)) for _ in range(4)]
        direction = own.normal(size=HIDDEN)
        for _ in range(n_each):
            said = [*rng.choice(_FILLERS, 4), *rng.choice(words, 2)]
            texts.append(" ".join(rng.permutation(said)))
            embeddings.append(direction + rng.normal(size=HIDDEN))
            labels.append(f"intent_{number:02d}")
    rows = np.array(embeddings, dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return IntentWorld(texts, IntentRows.of(texts, rows), np.array(labels))
