"""Embed what common categories are called once, when a bundle is made, and not in service."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from mlops_platform.models.selfmate.categories import phrases_of
from mlops_platform.models.selfmate.category_phrases import PHRASES
from mlops_platform.models.selfmate.category_reader import EMBEDDING, NEARNESS
from mlops_platform.models.selfmate.graph_builder import GraphBuilder

COMMON: Final = tuple(sorted(PHRASES))


def category_graph(embed: Callable[[Sequence[str]], NDArray[np.float32]]) -> onnx.ModelProto:
    """Return a graph from an embedding to its largest cosine with each category's phrases.

    Its input is ``embedding`` of shape (batch, hidden), of Euclidean length 1; its output
    ``nearness`` of shape (batch, len(COMMON)).

    Parameters
    ----------
    embed
        Returns the embeddings of texts, of Euclidean length 1 and shape (n, hidden).
    """
    builder = GraphBuilder()
    vectors = [embed(phrases_of(name)) for name in COMMON]
    phrases = builder.constant("phrases", np.concatenate(vectors).T)
    cosines = builder.add("MatMul", EMBEDDING, phrases)
    lengths = builder.integers(*map(len, vectors))
    each = builder.add_many("Split", len(vectors), cosines, lengths, axis=1)
    best = [builder.add("ReduceMax", part, builder.integers(1), keepdims=1) for part in each]
    builder.add("Concat", *best, axis=1, output=NEARNESS)
    floats, hidden = TensorProto.FLOAT, vectors[0].shape[1]
    return builder.model(
        "categories",
        [helper.make_tensor_value_info(EMBEDDING, floats, ["batch", hidden])],
        [helper.make_tensor_value_info(NEARNESS, floats, ["batch", len(COMMON)])],
    )
