"""The encoder under an intent and a slot head that learn with it."""

from collections.abc import Iterable
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from mlops_platform.models.selfmate.encoder_graph import EncoderConfig, Weights
from mlops_platform.models.selfmate.fine_tuning.token_batches import (
    NO_LABEL,
    PADDING,
    Integers,
    TokenBatch,
)
from mlops_platform.models.selfmate.fine_tuning.torch_encoder import TorchEncoder, windows
from mlops_platform.models.selfmate.slot_labels import LABELS

# A sentence embedding has length 1, and a softmax of numbers below 1 is never sure: what
# Sentence-BERT calls its scale.
_SCALE: Final = 20.0
_DEVIATION: Final = 0.02


class JointModel:
    """Intents read off sentences without their names, slots off the tokens of whole ones.

    Both are read as the heads in service do: the intent off the embedding of length 1, a slot off
    a token's state between its neighbours'.

    Parameters
    ----------
    config, weights
        The pretrained encoder.
    n_intents
        How many intents there are.
    device
        Where to compute.
    mixed_precision
        Whether to multiply in bfloat16.

    Attributes
    ----------
    encoder : TorchEncoder
    heads : dict of str to Tensor

    References
    ----------
    .. [1] Chen et al. 2019, "BERT for Joint Intent Classification and Slot Filling", section 3.2.
    """

    def __init__(
        self,
        config: EncoderConfig,
        weights: Weights,
        *,
        n_intents: int,
        device: torch.device,
        mixed_precision: bool,
    ) -> None:
        self._device = device
        self._mixed_precision = mixed_precision
        self.encoder = TorchEncoder(
            config, {name: self._learning(torch.tensor(value)) for name, value in weights.items()}
        )
        self.heads = {
            "intent.weight": self._learning(_random(n_intents, config.hidden_size)),
            "intent.bias": self._learning(torch.zeros(n_intents)),
            "slot.weight": self._learning(_random(len(LABELS), 3 * config.hidden_size)),
            "slot.bias": self._learning(torch.zeros(len(LABELS))),
        }

    def parameter_groups(
        self, encoder_rate: float, head_rate: float, weight_decay: float
    ) -> list[dict[str, Any]]:
        """Return all tensors as `Descent` takes them.

        Only the matrices of dense layers decay: a word that no utterance has would fade away.
        """
        weights = self.encoder.weights
        decaying = {n for n, w in weights.items() if w.ndim > 1 and not n.startswith("embeddings.")}
        return [
            _group([w for n, w in weights.items() if n in decaying], encoder_rate, weight_decay),
            _group([w for n, w in weights.items() if n not in decaying], encoder_rate, 0.0),
            _group(self.heads.values(), head_rate, 0.0),
        ]

    def encoder_weights(self) -> Weights:
        """Return a copy of the encoder's weights."""
        return {
            name: tensor.detach().cpu().numpy().copy()
            for name, tensor in self.encoder.weights.items()
        }

    def loss(self, batch: TokenBatch, *, learning: bool) -> Tensor:
        """Return the mean cross-entropy of intents plus that of tokens' labels, in nats."""
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._mixed_precision):
            _, sentences, _ = self._encoded(batch.masked_texts, learning=learning)
            tokens, _, mask = self._encoded(batch.texts, learning=learning)
            intents = self._read("intent", _SCALE * sentences)
            labels = self._read("slot", windows(tokens, mask))
        of_intents = functional.cross_entropy(intents.float(), self._tensor(batch.intents))
        # In one row: of a batch of rows, torch has no deterministic kernel on a GPU.
        of_labels = functional.cross_entropy(
            labels.float().flatten(0, 1),
            self._tensor(batch.labels).flatten(),
            ignore_index=NO_LABEL,
        )
        return of_intents + of_labels

    def _encoded(self, ids: Integers, *, learning: bool) -> tuple[Tensor, Tensor, Tensor]:
        """Return token embeddings, sentence embeddings, and which tokens are no padding."""
        padded = self._tensor(ids)
        mask = padded != PADDING
        return *self.encoder(padded.clamp(min=0), mask, learning=learning), mask

    def _read(self, head: str, states: Tensor) -> Tensor:
        return functional.linear(states, self.heads[f"{head}.weight"], self.heads[f"{head}.bias"])

    def _tensor(self, values: Integers) -> Tensor:
        return torch.from_numpy(values).to(self._device)

    def _learning(self, tensor: Tensor) -> Tensor:
        return tensor.to(self._device).requires_grad_()


def _random(*shape: int) -> Tensor:
    return _DEVIATION * torch.randn(shape)


def _group(tensors: Iterable[Tensor], rate: float, weight_decay: float) -> dict[str, Any]:
    return {"params": list(tensors), "lr": rate, "weight_decay": weight_decay}
