"""Train on one file, choose nothing on the other, measure once."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from benchmarks.selfmate.baselines import (
    frozen_encoder_logistic,
    majority,
    tfidf_logistic,
)
from benchmarks.selfmate.texts import LabelledTexts
from benchmarks.timings import quantiles
from mlops_platform.errors import DataValidationError
from mlops_platform.models.selfmate.encoder import SentenceEncoder
from mlops_platform.models.selfmate.estimator import IntentClassifier
from mlops_platform.models.selfmate.intent_rows import IntentRows
from mlops_platform.training.classification_metrics import expected_calibration_error, quality

# The length of text at which latency is told, in tokens, and how often it is measured.
LATENCY_TOKENS: Final = 32
_LATENCY_RUNS: Final = 200
_WARM_UP_RUNS: Final = 10


@dataclass(frozen=True)
class Encoded:
    """Both parts as one encoder sees them, each of shape (n, hidden)."""

    train: NDArray[np.float32]
    test: NDArray[np.float32]


@dataclass(frozen=True)
class Protocol:
    """One measurement.

    Parameters
    ----------
    train, test
        The two parts.
    oos_label
        Label of the texts without an intent; None if there are none.
    random_state
        Seed of the fits.

    Raises
    ------
    DataValidationError
        There are too few texts with an intent to learn from, or none to judge.
    """

    train: LabelledTexts
    test: LabelledTexts
    oos_label: str | None
    random_state: int = 0

    def __post_init__(self) -> None:
        """Refuse parts that nothing could be learnt from or judged on."""
        learnt = self.train.labels[self._within(self.train)]
        n_intents = len(np.unique(learnt))
        if len(learnt) < 2 * n_intents:
            raise DataValidationError(
                f"{len(learnt)} texts of {n_intents} intents are too few to learn from and to hold "
                "some out. Bring at least two of each intent."
            )
        if not self._within(self.test).any():
            raise DataValidationError(
                f"No text to be judged has an intent: all are labelled {self.oos_label}. Bring "
                "some that have, or another --oos-label."
            )

    def encoded(self, encoder: SentenceEncoder) -> Encoded:
        """Encode both parts."""
        return Encoded(
            encoder.sentence_embeddings(self.train.texts),
            encoder.sentence_embeddings(self.test.texts),
        )

    def ours(self, encoded: Encoded) -> dict[str, Any]:
        """Fit our classifier and measure it."""
        classifier = IntentClassifier(self.oos_label, random_state=self.random_state)
        classifier.fit(IntentRows.of(self.train.texts, encoded.train), self.train.labels)
        rows = IntentRows.of(self.test.texts, encoded.test)
        within = self._within(self.test)
        probabilities = classifier.predict_proba(rows)
        predicted = classifier.classes_[probabilities.argmax(axis=1)]
        right = (predicted == self.test.labels)[within]
        score = classifier.oos_score(rows)
        rejected = score >= classifier.scope_.threshold_
        return {
            **quality(self.test.labels[within], predicted[within]),
            "expected_calibration_error": expected_calibration_error(
                probabilities.max(axis=1)[within], right
            ),
            "rejected_in_scope": float(rejected[within].mean()),
            "accuracy_with_rejection": float((right & ~rejected[within]).mean()),
            **self._out_of_scope(score, rejected, within),
            "validation": classifier.validation_,
        }

    def baselines(self, encoded: Encoded) -> dict[str, dict[str, float]]:
        """Measure the simpler models on the rows in scope."""
        learnt, judged = self._within(self.train), self._within(self.test)
        train, test = self.train.where(learnt), self.test.where(judged)
        with ThreadPoolExecutor(2) as executor:
            by_words = executor.submit(tfidf_logistic, train, test)
            by_meaning = executor.submit(
                frozen_encoder_logistic,
                encoded.train[learnt],
                train.labels,
                encoded.test[judged],
                test.labels,
            )
            return {
                "majority": majority(train, test),
                "tfidf_logistic_regression": by_words.result(),
                "frozen_minilm_logistic_regression": by_meaning.result(),
            }

    def _within(self, part: LabelledTexts) -> NDArray[np.bool_]:
        return np.asarray(part.labels != self.oos_label)

    @staticmethod
    def _out_of_scope(
        score: NDArray[np.float64], rejected: NDArray[np.bool_], within: NDArray[np.bool_]
    ) -> dict[str, float]:
        if within.all():
            return {}
        return {
            "oos_auroc": float(roc_auc_score(~within, score)),
            "oos_recall": float(rejected[~within].mean()),
        }


def size_and_latency(encoder: SentenceEncoder, graph: onnx.ModelProto) -> dict[str, float]:
    """Return megabytes, and milliseconds for one text of `LATENCY_TOKENS` tokens on one thread."""
    text = " ".join(["card"] * (LATENCY_TOKENS - 2))
    milliseconds = []
    for _ in range(_WARM_UP_RUNS + _LATENCY_RUNS):
        begin = time.perf_counter()
        encoder.encode(text)
        milliseconds.append(1000 * (time.perf_counter() - begin))
    found = quantiles(milliseconds[_WARM_UP_RUNS:])
    return {
        "size_mb": round(graph.ByteSize() / 1e6, 1),
        "p50_ms": found["p50"],
        "p95_ms": found["p95"],
    }
