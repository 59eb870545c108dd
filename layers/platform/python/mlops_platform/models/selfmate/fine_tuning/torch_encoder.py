"""`encoder_graph`'s computation once more, in torch, where it can be learnt from."""

from collections.abc import Mapping
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from mlops_platform.models.selfmate.encoder_graph import EncoderConfig

# The share of states that learning hides, as BERT was trained with.
_DROPOUT: Final = 0.1
# As in the graph.
_MASKED: Final = -1e4


class TorchEncoder:
    """A BERT encoder over tensors that bear their published names.

    Functions of tensors rather than modules: what is read from a ``model.safetensors`` is what
    learns, and what is written back.

    Parameters
    ----------
    config
        The encoder's shape.
    weights
        Tensors by the bare encoder's names, float32.

    References
    ----------
    .. [1] Devlin et al. 2019, "BERT", section 3 and appendix A.2.
    """

    def __init__(self, config: EncoderConfig, weights: Mapping[str, Tensor]) -> None:
        self.config = config
        self.weights = weights

    def __call__(
        self, token_ids: Tensor, mask: Tensor, *, learning: bool = False
    ) -> tuple[Tensor, Tensor]:
        """Encode a batch.

        Parameters
        ----------
        token_ids
            int64 of shape (n, n_tokens), padded with anything.
        mask
            bool of shape (n, n_tokens), False for padding.
        learning
            Whether to hide states at random.

        Returns
        -------
        Token embeddings (n, n_tokens, hidden), and sentence embeddings (n, hidden) of Euclidean
        length 1, both float32.
        """
        dropout = _DROPOUT if learning else 0.0
        states = self._embeddings(token_ids, dropout)
        bias = (~mask).to(states.dtype)[:, None, None, :] * _MASKED
        for number in range(self.config.n_layers):
            states = self._layer(f"encoder.layer.{number}", states, bias, dropout)
        tokens = states.float()
        total = (tokens * mask[:, :, None]).sum(dim=1)
        return tokens, functional.normalize(total, dim=1)

    def _embeddings(self, token_ids: Tensor, dropout: float) -> Tensor:
        words = functional.embedding(token_ids, self._table("word"))
        positions = self._table("position")[: token_ids.shape[1]]
        # Every token here is of the first segment.
        summed = words + positions + self._table("token_type")[0]
        return _hidden(self._normalised("embeddings.LayerNorm", summed), dropout)

    def _layer(self, prefix: str, states: Tensor, bias: Tensor, dropout: float) -> Tensor:
        attended = self._dense(
            f"{prefix}.attention.output.dense", self._attention(prefix, states, bias, dropout)
        )
        states = self._normalised(
            f"{prefix}.attention.output.LayerNorm", _hidden(attended, dropout) + states
        )
        widened = functional.gelu(self._dense(f"{prefix}.intermediate.dense", states))
        narrowed = self._dense(f"{prefix}.output.dense", widened)
        return self._normalised(f"{prefix}.output.LayerNorm", _hidden(narrowed, dropout) + states)

    def _attention(self, prefix: str, states: Tensor, bias: Tensor, dropout: float) -> Tensor:
        """Scaled dot-product attention of all heads: (n, n_tokens, hidden).

        Written out: torch's fused kernels are not all deterministic when they learn.
        """
        n, n_tokens, hidden = states.shape
        size = hidden // self.config.n_heads
        query, key, value = (
            self._dense(f"{prefix}.attention.self.{part}", states)
            .reshape(n, n_tokens, self.config.n_heads, size)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(2, 3) / size**0.5 + bias
        mixed = _hidden(scores.softmax(dim=-1), dropout) @ value
        return mixed.transpose(1, 2).reshape(n, n_tokens, hidden)

    def _dense(self, name: str, states: Tensor) -> Tensor:
        return functional.linear(
            states, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        )

    def _normalised(self, name: str, states: Tensor) -> Tensor:
        gain, shift = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return functional.layer_norm(
            states, gain.shape, gain, shift, eps=self.config.layer_norm_eps
        )

    def _table(self, name: str) -> Tensor:
        return self.weights[f"embeddings.{name}_embeddings.weight"]


def _hidden(states: Tensor, share: float) -> Tensor:
    """Return states with a share of them hidden at random."""
    return functional.dropout(states, share, training=share > 0)


def windows(tokens: Tensor, mask: Tensor) -> Tensor:
    """Return `slots.windows` of a batch of token embeddings: (n, n_tokens, 3 * hidden)."""
    # What follows a text's last token is nothing, however long its neighbours are.
    padded = functional.pad(tokens * mask[:, :, None], (0, 0, 1, 1))
    return torch.cat([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], dim=2)
