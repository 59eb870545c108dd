"""BERT's forward pass for one row, written from the paper in float64 loops: the tests' truth."""

import math

import numpy as np
from numpy.typing import NDArray

from tests.unit.models.selfmate.tiny_bert import HEADS, HIDDEN, LAYERS, Weights

Floats = NDArray[np.float64]


def reference_encoding(weights: Weights, token_ids: list[int]) -> tuple[Floats, Floats]:
    """Return token embeddings (n_tokens, hidden) and the normalised mean (hidden,)."""
    w = {name: weight.astype(np.float64) for name, weight in weights.items()}
    states = np.stack(
        [
            w["embeddings.word_embeddings.weight"][token]
            + w["embeddings.position_embeddings.weight"][place]
            + w["embeddings.token_type_embeddings.weight"][0]
            for place, token in enumerate(token_ids)
        ]
    )
    states = _layer_norm(w, "embeddings.LayerNorm", states)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        attended = _dense(w, f"{layer}.attention.output.dense", _attention(w, layer, states))
        states = _layer_norm(w, f"{layer}.attention.output.LayerNorm", attended + states)
        wide = _gelu(_dense(w, f"{layer}.intermediate.dense", states))
        narrow = _dense(w, f"{layer}.output.dense", wide)
        states = _layer_norm(w, f"{layer}.output.LayerNorm", narrow + states)
    mean = states.mean(axis=0)
    return states, mean / np.linalg.norm(mean)


def _dense(w: dict[str, Floats], name: str, rows: Floats) -> Floats:
    product: Floats = rows @ w[f"{name}.weight"].T + w[f"{name}.bias"]
    return product


def _layer_norm(w: dict[str, Floats], name: str, rows: Floats) -> Floats:
    centred = rows - rows.mean(axis=1, keepdims=True)
    scaled = centred / np.sqrt(rows.var(axis=1, keepdims=True) + 1e-12)
    normalised: Floats = scaled * w[f"{name}.weight"] + w[f"{name}.bias"]
    return normalised


def _gelu(rows: Floats) -> Floats:
    risen: Floats = rows * 0.5 * (1 + np.vectorize(math.erf)(rows / math.sqrt(2)))
    return risen


def _attention(w: dict[str, Floats], layer: str, states: Floats) -> Floats:
    size = HIDDEN // HEADS
    query, key, value = (
        _dense(w, f"{layer}.attention.self.{part}", states) for part in ("query", "key", "value")
    )
    mixed = np.empty_like(states)
    for head in range(HEADS):
        part = slice(head * size, (head + 1) * size)
        scores = query[:, part] @ key[:, part].T / math.sqrt(size)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        mixed[:, part] = shares @ value[:, part]
    return mixed
