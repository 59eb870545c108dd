"""Fine-tune the encoder itself, all its layers, on what utterances mean."""

import logging
import math
from pathlib import Path
from typing import Final, Self

import numpy as np
import torch
from numpy.typing import NDArray

from mlops_platform.errors import TrainingFailedError
from mlops_platform.models.selfmate.dataset import UtteranceDataset
from mlops_platform.models.selfmate.encoder import served_tokenizer
from mlops_platform.models.selfmate.encoder_graph import EncoderConfig, encoder_weights
from mlops_platform.models.selfmate.fine_tuning.descent import Descent
from mlops_platform.models.selfmate.fine_tuning.joint_model import JointModel
from mlops_platform.models.selfmate.fine_tuning.token_batches import TokenisedUtterances

logger = logging.getLogger(__name__)

# The heads begin at random and learn faster than what was learnt from a billion sentences.
_HEAD_RATE: Final = 1e-3
_WEIGHT_DECAY: Final = 0.01


class EncoderFineTuner:
    """Joint fine-tuning of a pretrained encoder under an intent and a slot head.

    After each epoch the loss is taken on wordings that nothing is learnt from, and the weights of
    the epoch in which it was smallest are kept. The two heads are left behind: those that serve
    are fitted on the tuned encoder as on any other.

    Parameters
    ----------
    learning_rate
        The encoder's largest, > 0.
    batch_size
        Utterances in a step, >= 1.
    max_epochs
        Passes over the training utterances at most, >= 1.
    patience
        Epochs without a smaller validation loss that are the end, >= 1.
    mixed_precision
        Whether to multiply in bfloat16; None for where there is a GPU that can.
    random_state
        Seed: equal rows and seed give equal weights on one kind of machine.

    Attributes
    ----------
    weights_ : dict of str to ndarray
        The encoder's, by their published names, float32.
    training_losses_, validation_losses_ : list of float
        `JointModel.loss`, in nats, one for each epoch.
    best_epoch_ : int
        The one whose weights these are, counted from 1.
    """

    def __init__(
        self,
        *,
        learning_rate: float = 5e-5,
        batch_size: int = 32,
        max_epochs: int = 10,
        patience: int = 2,
        mixed_precision: bool | None = None,
        random_state: int = 0,
    ) -> None:
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.patience = patience
        self.mixed_precision = mixed_precision
        self.random_state = random_state

    def fit(self, folder: Path, train: UtteranceDataset, validation: UtteranceDataset) -> Self:
        """Learn from utterances, beginning with the weights in a folder.

        Parameters
        ----------
        folder
            What `weights.weights_folder` returned.
        train, validation
            What to learn from; and what says when to stop, in other wordings.

        Raises
        ------
        TrainingFailedError
            The loss is no number any more.
        """
        torch.use_deterministic_algorithms(mode=True)
        torch.manual_seed(self.random_state)
        rng = np.random.default_rng(self.random_state)
        tokenizer = served_tokenizer((folder / "tokenizer.json").read_bytes())
        intents = sorted({*train.intent, *validation.intent})
        learnt, judged = (
            TokenisedUtterances.of(rows, tokenizer, intents) for rows in (train, validation)
        )
        model = self._model(folder, len(intents))
        descent = Descent(
            model.parameter_groups(self.learning_rate, _HEAD_RATE, _WEIGHT_DECAY),
            self.max_epochs * -(-len(learnt) // self.batch_size),
        )
        self.training_losses_: list[float] = []
        self.validation_losses_: list[float] = []
        for epoch in range(1, self.max_epochs + 1):
            order = rng.permutation(len(learnt))
            self.training_losses_.append(self._loss(model, learnt, order, descent))
            self.validation_losses_.append(self._loss(model, judged, np.arange(len(judged))))
            logger.info(
                "epoch %d: loss %.4f; on other wordings %.4f",
                epoch,
                self.training_losses_[-1],
                self.validation_losses_[-1],
            )
            if self.validation_losses_[-1] == min(self.validation_losses_):
                self.best_epoch_, self.weights_ = epoch, model.encoder_weights()
            elif epoch - self.best_epoch_ >= self.patience:
                break
        return self

    def _model(self, folder: Path, n_intents: int) -> JointModel:
        has_gpu = torch.cuda.is_available()
        device = torch.device("cuda" if has_gpu else "cpu")
        mixed = self.mixed_precision
        if mixed is None:
            mixed = has_gpu and torch.cuda.is_bf16_supported(including_emulation=False)
        logger.info("fine-tuning on %s in %s", device, "bfloat16" if mixed else "float32")
        return JointModel(
            EncoderConfig.from_file(folder / "config.json"),
            encoder_weights(folder),
            n_intents=n_intents,
            device=device,
            mixed_precision=mixed,
        )

    def _loss(
        self,
        model: JointModel,
        rows: TokenisedUtterances,
        order: NDArray[np.int64],
        descent: Descent | None = None,
    ) -> float:
        """Return the mean loss over rows in an order, of shape (n,), a step down after each batch.

        Without a descent nothing is learnt.
        """
        total = 0.0
        for batch in rows.batches(order, self.batch_size):
            with torch.set_grad_enabled(descent is not None):
                loss = model.loss(batch, learning=descent is not None)
            if descent is not None:
                descent.step(loss)
            total += loss.item() * len(batch)
        if not math.isfinite(total):
            raise TrainingFailedError(
                f"Fine-tuning diverged: its loss is {total}. Give a smaller learning_rate than "
                f"{self.learning_rate}."
            )
        return total / len(order)
