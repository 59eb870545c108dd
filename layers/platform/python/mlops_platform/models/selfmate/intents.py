"""The intent classifier in service: one text and its embedding in, an intent out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from mlops_platform.bundle.session import one_thread_session
from mlops_platform.models.selfmate.text_features import hashed_ngrams

# So that an intent without any probability has a logarithm.
_TINY: Final = np.float32(1e-12)


@dataclass(frozen=True)
class Intent:
    """What a text wants.

    Parameters
    ----------
    name
        The likeliest intent.
    probability
        Its probability, given that the text has one of the intents.
    entropy
        Shannon entropy of all intents' probabilities, in nats.
    oos_score
        How foreign the text is, from 0 to 1.
    is_out_of_scope
        Whether the score reaches the threshold; the name is then a guess not to act on.
    runner_up
        The second likeliest intent.
    """

    name: str
    probability: float
    entropy: float
    oos_score: float
    is_out_of_scope: bool
    runner_up: str = ""


@dataclass(frozen=True)
class IntentReader:
    """A loaded classifier.

    Parameters
    ----------
    session
        ONNX Runtime's session of a graph that `intent_graph` built.
    names
        The intents in the order of the graph's probabilities.
    oos_threshold
        From this score on a text counts as out of scope.
    """

    session: Any
    names: Sequence[str]
    oos_threshold: float

    @classmethod
    def from_bytes(cls, graph: bytes, names: Sequence[str], oos_threshold: float) -> Self:
        """Load a graph."""
        return cls(one_thread_session(graph), names, oos_threshold)

    def scores(
        self, text: str, embedding: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], float]:
        """Return the intents' probabilities, of shape (n_intents,), and the out-of-scope score."""
        row = hashed_ngrams(text)
        given = {
            "buckets": row.buckets[None],
            "counts": row.counts[None],
            "embedding": embedding[None],
        }
        (probabilities,), (score,) = self.session.run(["probabilities", "oos_score"], given)
        return probabilities, float(score)

    def read(self, text: str, embedding: NDArray[np.float32]) -> Intent:
        """Return the intent of a text whose sentence embedding, of shape (hidden,), is known."""
        probabilities, score = self.scores(text, embedding)
        second, best = probabilities.argsort()[-2:].tolist()
        return Intent(
            name=self.names[best],
            probability=float(probabilities[best]),
            entropy=float(-(probabilities * np.log(probabilities + _TINY)).sum()),
            oos_score=score,
            is_out_of_scope=score >= self.oos_threshold,
            runner_up=self.names[second],
        )
