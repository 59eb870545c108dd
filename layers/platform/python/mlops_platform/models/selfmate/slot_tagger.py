"""Which tokens of an utterance name something: a linear head on the frozen encoder's states."""

from collections.abc import Sequence
from typing import Self

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from sklearn.linear_model import Ridge

from mlops_platform.models.selfmate.encoder import EncodedText
from mlops_platform.models.selfmate.graph_builder import GraphBuilder
from mlops_platform.models.selfmate.slot_labels import LABELS, Span, token_labels
from mlops_platform.models.selfmate.slots import SCORES, STATES, windows


class SlotTagger:
    """Ridge regression of each token's one-hot label on its state and its neighbours'.

    Closed-form, so the same rows give the same weights, in a second where an iterative fit takes
    many.

    Parameters
    ----------
    alpha
        Ridge penalty, dimensionless, > 0.

    Attributes
    ----------
    ridge_ : Ridge
    """

    def __init__(self, alpha: float = 10.0) -> None:
        self.alpha = alpha

    def fit(self, encoded: Sequence[EncodedText], slots: Sequence[Sequence[Span]]) -> Self:
        """Learn from encoded texts and their slots."""
        rows = np.concatenate([windows(each.tokens) for each in encoded])
        labels = np.concatenate(
            [token_labels(each.spans, named) for each, named in zip(encoded, slots, strict=True)]
        )
        self.ridge_ = Ridge(alpha=self.alpha, solver="cholesky")
        self.ridge_.fit(rows.astype(np.float64), np.eye(len(LABELS))[labels])
        return self

    def decision_function(self, tokens: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return scores of one text's token embeddings (n_tokens, hidden) for each label."""
        return np.asarray(self.ridge_.predict(windows(tokens).astype(np.float64)))


def slot_graph(tagger: SlotTagger) -> onnx.ModelProto:
    """Return the graph of a fitted tagger.

    Its input is ``states``, `slots.windows` of a text's tokens, of shape (n_tokens, 3 * hidden);
    its output ``scores`` of shape (n_tokens, n_labels).
    """
    builder = GraphBuilder()
    weight = tagger.ridge_.coef_.T.astype(np.float32)
    bias = np.asarray(tagger.ridge_.intercept_, dtype=np.float32)
    product = builder.add("MatMul", STATES, builder.constant("weight", weight))
    builder.add("Add", product, builder.constant("bias", bias), output=SCORES)
    floats = TensorProto.FLOAT
    return builder.model(
        "slots",
        [helper.make_tensor_value_info(STATES, floats, ["tokens", weight.shape[0]])],
        [helper.make_tensor_value_info(SCORES, floats, ["tokens", len(LABELS)])],
    )
