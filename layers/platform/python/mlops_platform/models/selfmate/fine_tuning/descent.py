"""The steps by which tensors learn: AdamW with warm-up and clipped gradients."""

from typing import Any, Final

import torch
from torch import Tensor

_WARM_UP: Final = 0.1
_MAX_NORM: Final = 1.0


class Descent:
    """A fixed number of steps, whose learning rates rise for a tenth of them, then fall to nothing.

    Parameters
    ----------
    groups
        Tensors with ``lr``, their largest learning rate, and ``weight_decay``.
    n_steps
        How many steps there are at most, >= 1.

    References
    ----------
    .. [1] Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization".
    .. [2] Devlin et al. 2019, "BERT", appendix A.2 (warm-up and linear decay).
    """

    def __init__(self, groups: list[dict[str, Any]], n_steps: int) -> None:
        self._tensors = [tensor for group in groups for tensor in group["params"]]
        self._optimizer = torch.optim.AdamW(groups)
        n_rising = max(1, round(_WARM_UP * n_steps))
        n_falling = n_steps - n_rising + 1
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer,
            lambda step: min((step + 1) / n_rising, max(0, n_steps - step) / n_falling),
        )

    def step(self, loss: Tensor) -> None:
        """Go one step down a loss's slope."""
        self._optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._tensors, _MAX_NORM)
        self._optimizer.step()
        self._schedule.step()
