"""The intent classifier as an ONNX graph behind the text features and the encoder."""

from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from mlops_platform.models.selfmate.estimator import IntentClassifier
from mlops_platform.models.selfmate.graph_builder import GraphBuilder
from mlops_platform.models.selfmate.heads import KernelHead, NgramHead
from mlops_platform.models.selfmate.text_features import N_BUCKETS

INPUTS: Final = ("buckets", "counts", "embedding")
OUTPUTS: Final = ("probabilities", "oos_score")


def intent_graph(classifier: IntentClassifier) -> onnx.ModelProto:
    """Return the graph of a fitted classifier.

    Its inputs are ``buckets`` (int64) and ``counts`` (float32) of shape (batch, n_ngrams), a row
    filled up with the bucket `N_BUCKETS`, and ``embedding`` of shape (batch, hidden); its outputs
    ``probabilities`` of shape (batch, n_intents) and ``oos_score`` of shape (batch,).
    """
    return _Intents(classifier).graph()


class _Intents(GraphBuilder):
    """The computation, in the order in which it runs."""

    def __init__(self, classifier: IntentClassifier) -> None:
        super().__init__()
        self._classifier = classifier

    def graph(self) -> onnx.ModelProto:
        """Return the whole graph."""
        heads = self._classifier.heads_
        ngram = self._ngram(heads.ngram_)
        weight, bias = heads.linear_.coef_.T, heads.linear_.intercept_
        linear = self._affine("linear", "embedding", weight, bias)
        kernel = self._kernel(heads.kernel_)
        logits = self.add(
            "Sum",
            *(
                self.add("Mul", head, self._floats(f"factor_{number}", factor))
                for number, (head, factor) in enumerate(
                    zip((ngram, linear, kernel), self._classifier.blend_.factors_, strict=True)
                )
            ),
        )
        self.add("Softmax", logits, axis=-1, output="probabilities")
        self._scope(ngram, kernel, logits)
        return self._model(heads.means_.shape[1])

    def _ngram(self, head: NgramHead) -> str:
        """TF-IDF of the n-grams that count, times the margins' weights: (batch, n_intents)."""
        n_kept = len(head.buckets_)
        # The last row stands for every n-gram that does not count, and for filling.
        row_of = np.full(N_BUCKETS + 1, n_kept, dtype=np.int32)
        row_of[head.buckets_] = np.arange(n_kept)
        rows = self.add("Gather", self.constant("row_of_bucket", row_of), "buckets")
        idf = self._floats("idf", np.append(head.tfidf_.idf_, 0))
        weights = np.vstack([head.svm_.coef_.T, np.zeros(len(head.svm_.coef_))])
        frequency = self.add("Add", self.add("Log", "counts"), self._floats("one", 1))
        values = self.add("Mul", frequency, self.add("Gather", idf, rows))
        length = self.add("ReduceL2", values, self.integers(1), keepdims=1)
        # A text without any n-gram that counts has the length 0, and keeps it.
        unit = self.add("Div", values, self.add("Max", length, self._floats("tiny", 1e-12)))
        gathered = self.add("Gather", self._floats("ngram.weight", weights), rows)
        product = self.add("MatMul", self.add("Unsqueeze", unit, self.integers(1)), gathered)
        margins = self.add("Squeeze", product, self.integers(1))
        return self.add("Add", margins, self._floats("ngram.bias", head.svm_.intercept_))

    def _kernel(self, head: KernelHead) -> str:
        fourier, ridge = head.fourier_, head.ridge_
        scale = np.sqrt(2 / fourier.n_components)
        angles = self._affine(
            "fourier", "embedding", fourier.random_weights_, fourier.random_offset_
        )
        waves = self.add("Cos", angles)
        return self._affine("ridge", waves, ridge.coef_.T * scale, ridge.intercept_)

    def _scope(self, ngram: str, kernel: str, logits: str) -> None:
        """Weigh the signals of `scope_signals`, in its order."""
        log_probabilities = self.add("LogSoftmax", logits, axis=-1)
        means = self._floats("means", self._classifier.heads_.means_.T)
        nearness = self.add("MatMul", "embedding", means)
        best = [
            self.add("ReduceMax", scores, self.integers(1), keepdims=1)
            for scores in (log_probabilities, ngram, kernel, nearness)
        ]
        signals = self.add("Concat", *best, axis=1)
        scope = self._classifier.scope_
        odds = self._affine("scope", signals, scope.coefficients_[:, None], scope.intercept_)
        score = self.add("Sigmoid", odds)
        self.add("Squeeze", score, self.integers(1), output="oos_score")

    def _affine(self, name: str, rows: str, weight: NDArray[Any], bias: Any) -> str:
        product = self.add("MatMul", rows, self._floats(f"{name}.weight", weight))
        return self.add("Add", product, self._floats(f"{name}.bias", bias))

    def _floats(self, name: str, value: Any) -> str:
        return self.constant(name, np.asarray(value, dtype=np.float32))

    def _model(self, hidden: int) -> onnx.ModelProto:
        n_intents = len(self._classifier.classes_)
        floats, ngrams = TensorProto.FLOAT, ["batch", "n_ngrams"]
        return self.model(
            "intents",
            [
                helper.make_tensor_value_info("buckets", TensorProto.INT64, ngrams),
                helper.make_tensor_value_info("counts", floats, ngrams),
                helper.make_tensor_value_info("embedding", floats, ["batch", hidden]),
            ],
            [
                helper.make_tensor_value_info("probabilities", floats, ["batch", n_intents]),
                helper.make_tensor_value_info("oos_score", floats, ["batch"]),
            ],
        )
