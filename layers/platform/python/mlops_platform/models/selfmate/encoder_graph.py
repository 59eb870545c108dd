"""A BERT encoder as an ONNX graph, built straight from its pretrained weights."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from safetensors.numpy import load_file

from mlops_platform.errors import EncoderWeightsError
from mlops_platform.models.selfmate.graph_builder import GraphBuilder

Weights = dict[str, NDArray[np.float32]]

# Added to a padding token's attention score: far below every real score, yet finite.
_MASKED: Final = -1e4
# What sentence encoders and their configurations may say and we compute.
_MODEL_TYPE: Final = "bert"
_ACTIVATION: Final = "gelu"


@dataclass(frozen=True)
class EncoderConfig:
    """The shape of a BERT encoder.

    Parameters
    ----------
    hidden_size
        Dimensions of an embedding.
    n_layers, n_heads
        Transformer layers, and attention heads in each.
    layer_norm_eps
        Added to the variance in each layer normalisation.
    """

    hidden_size: int
    n_layers: int
    n_heads: int
    layer_norm_eps: float

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a ``config.json`` as published with the weights.

        Raises
        ------
        EncoderWeightsError
            It describes another kind of network.
        """
        given = json.loads(path.read_text())
        expected = {
            "model_type": _MODEL_TYPE,
            "hidden_act": _ACTIVATION,
            "position_embedding_type": "absolute",
        }
        for key, value in expected.items():
            if given.get(key, value) != value:
                raise EncoderWeightsError(
                    f"{path.name} says {key} = {given[key]!r}; only {value!r} is supported. Choose "
                    "a BERT-class sentence encoder, e.g. all-MiniLM-L6-v2."
                )
        return cls(
            hidden_size=given["hidden_size"],
            n_layers=given["num_hidden_layers"],
            n_heads=given["num_attention_heads"],
            layer_norm_eps=given["layer_norm_eps"],
        )


def encoder_graph(folder: Path) -> onnx.ModelProto:
    """Return the graph of the encoder whose ``config.json`` and ``model.safetensors`` lie there.

    Its inputs are ``input_ids`` and ``attention_mask``, int64 of shape (batch, tokens); its outputs
    ``token_embeddings`` (batch, tokens, hidden) and ``sentence_embedding`` (batch, hidden), the
    mean over the tokens that the mask keeps, of Euclidean length 1.

    References
    ----------
    .. [1] Devlin et al. 2019, "BERT", section 3; Reimers and Gurevych 2019, "Sentence-BERT",
       section 3 (mean pooling).
    """
    config = EncoderConfig.from_file(folder / "config.json")
    return _Encoder(config, encoder_weights(folder)).graph()


def encoder_weights(folder: Path) -> Weights:
    """Return the weights of a folder, named as the bare encoder does.

    Models with heads on top publish theirs under ``bert.``.
    """
    return {
        name.removeprefix("bert."): value.astype(np.float32)
        for name, value in load_file(folder / "model.safetensors").items()
        # Some publish the numbers of the positions, too, which are no weights.
        if not np.issubdtype(value.dtype, np.integer)
    }


class _Encoder(GraphBuilder):
    """The computation, in the order in which it runs."""

    def __init__(self, config: EncoderConfig, weights: Weights) -> None:
        super().__init__()
        self._config = config
        self._weights = weights

    def graph(self) -> onnx.ModelProto:
        """Return the whole graph."""
        mask = self.add("Cast", "attention_mask", to=TensorProto.FLOAT)
        states = self._embeddings()
        bias = self._attention_bias(mask)
        for number in range(self._config.n_layers):
            states = self._layer(f"encoder.layer.{number}", states, bias)
        self.add("Identity", states, output="token_embeddings")
        self._pooled(states, mask)
        hidden = self._config.hidden_size
        ids = ("batch", "tokens")
        return self.model(
            "sentence_encoder",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, ids)
                for name in ("input_ids", "attention_mask")
            ],
            [
                helper.make_tensor_value_info(
                    "token_embeddings", TensorProto.FLOAT, (*ids, hidden)
                ),
                helper.make_tensor_value_info(
                    "sentence_embedding", TensorProto.FLOAT, ("batch", hidden)
                ),
            ],
        )

    def _embeddings(self) -> str:
        words = self.constant("words", self._weight("embeddings.word_embeddings.weight"))
        # Every token here is of the first segment, whose embedding joins the positions'.
        segment = self._weight("embeddings.token_type_embeddings.weight")[0]
        positions = self._weight("embeddings.position_embeddings.weight") + segment
        length = self.add("Shape", "input_ids", start=1, end=2)
        first = self.add("Slice", self.constant("positions", positions), self.integers(0), length)
        summed = self.add("Add", self.add("Gather", words, "input_ids"), first)
        return self._normalised(summed, "embeddings.LayerNorm")

    def _attention_bias(self, mask: str) -> str:
        """Return 0 for a token and a large negative number for padding: (batch, 1, 1, tokens)."""
        padding = self.add("Sub", self.constant("one", np.float32(1)), mask)
        bias = self.add("Mul", padding, self.constant("masked", np.float32(_MASKED)))
        return self.add("Unsqueeze", bias, self.integers(1, 2))

    def _layer(self, prefix: str, states: str, bias: str) -> str:
        attended = self._dense(
            f"{prefix}.attention.output.dense", self._attention(prefix, states, bias)
        )
        states = self._normalised(
            self.add("Add", attended, states), f"{prefix}.attention.output.LayerNorm"
        )
        widened = self.add("Gelu", self._dense(f"{prefix}.intermediate.dense", states))
        narrowed = self._dense(f"{prefix}.output.dense", widened)
        return self._normalised(self.add("Add", narrowed, states), f"{prefix}.output.LayerNorm")

    def _attention(self, prefix: str, states: str, bias: str) -> str:
        """Scaled dot-product attention of all heads: (batch, tokens, hidden)."""
        heads, hidden = self._config.n_heads, self._config.hidden_size
        queries, keys, values = self._projections(f"{prefix}.attention.self", states)
        split = self.integers(0, 0, heads, hidden // heads)
        queries = self.add("Transpose", self.add("Reshape", queries, split), perm=[0, 2, 1, 3])
        keys = self.add("Transpose", self.add("Reshape", keys, split), perm=[0, 2, 3, 1])
        values = self.add("Transpose", self.add("Reshape", values, split), perm=[0, 2, 1, 3])
        scores = self.add("Add", self.add("MatMul", queries, keys), bias)
        mixed = self.add("MatMul", self.add("Softmax", scores, axis=-1), values)
        joined = self.add("Transpose", mixed, perm=[0, 2, 1, 3])
        return self.add("Reshape", joined, self.integers(0, 0, hidden))

    def _projections(self, prefix: str, states: str) -> tuple[str, str, str]:
        """Return queries (already divided by the root of a head's size), keys and values."""
        root = np.float32(np.sqrt(self._config.hidden_size // self._config.n_heads))
        scale = {"query": 1 / root, "key": np.float32(1), "value": np.float32(1)}
        # One product instead of three: the quantised kernel packs its input once.
        weight = np.concatenate(
            [self._weight(f"{prefix}.{part}.weight").T * scale[part] for part in scale], axis=1
        )
        bias = np.concatenate(
            [self._weight(f"{prefix}.{part}.bias") * scale[part] for part in scale]
        )
        joined = self._affine(prefix, states, weight, bias)
        queries, keys, values = self.add_many("Split", 3, joined, axis=-1, num_outputs=3)
        return queries, keys, values

    def _dense(self, name: str, states: str) -> str:
        weight = self._weight(f"{name}.weight").T
        return self._affine(name, states, weight, self._weight(f"{name}.bias"))

    def _affine(
        self, name: str, states: str, weight: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> str:
        product = self.add("MatMul", states, self.constant(f"{name}.weight", weight))
        return self.add("Add", product, self.constant(f"{name}.bias", bias))

    def _normalised(self, states: str, name: str) -> str:
        gain, shift = (
            self.constant(f"{name}.{part}", self._weight(f"{name}.{part}"))
            for part in ("weight", "bias")
        )
        return self.add(
            "LayerNormalization", states, gain, shift, axis=-1, epsilon=self._config.layer_norm_eps
        )

    def _pooled(self, states: str, mask: str) -> None:
        weights = self.add("Unsqueeze", mask, self.integers(2))
        total = self.add(
            "ReduceSum", self.add("Mul", states, weights), self.integers(1), keepdims=0
        )
        # The mean's denominator falls out again: the sum, brought to length 1, is the mean so.
        length = self.add("ReduceL2", total, self.integers(1), keepdims=1)
        self.add("Div", total, length, output="sentence_embedding")

    def _weight(self, name: str) -> NDArray[np.float32]:
        try:
            return self._weights[name]
        except KeyError as error:
            raise EncoderWeightsError(
                f"model.safetensors holds no {name!r}, which a BERT encoder has. Take the weights "
                "and the config.json from the same published model."
            ) from error
