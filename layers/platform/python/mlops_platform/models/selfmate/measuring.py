"""How much of held-out utterances is understood, and by the champion."""

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from mlops_platform.models.selfmate.dataset import UtteranceDataset
from mlops_platform.models.selfmate.frames import frame
from mlops_platform.models.selfmate.inference import SelfMateInference
from mlops_platform.models.selfmate.reading import OUT_OF_SCOPE, Reading, Slot
from mlops_platform.models.selfmate.slot_labels import Span
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.understanding import Understanding
from mlops_platform.training.classification_metrics import quality
from mlops_platform.training.paired_difference import ACCURACY, paired_difference, user_blocks

logger = logging.getLogger(__name__)
Texts = NDArray[np.str_]


@dataclass(frozen=True)
class Understood:
    """What a model made of n utterances, and what is true of them.

    Parameters
    ----------
    rows
        The utterances.
    readings
        The model's.
    frames, true_frames
        Meanings as `frames.frame` writes them, of shape (n,).
    """

    rows: UtteranceDataset
    readings: list[Reading]
    frames: Texts
    true_frames: Texts

    @property
    def intents(self) -> Texts:
        """The intents as read, `OUT_OF_SCOPE` where the utterance was rejected; of shape (n,)."""
        return np.array([reading.wanted for reading in self.readings])

    @property
    def accuracy(self) -> float:
        """The share of utterances whose intent and slots mean what they should.

        Of what is out of scope it is the share that was refused.
        """
        return float(np.mean(self.frames == self.true_frames))

    @property
    def _majority_accuracy(self) -> float:
        """What answering everything alike reaches: the share of the commonest meaning."""
        _, n_of_meaning = np.unique(self.true_frames, return_counts=True)
        return float(n_of_meaning.max() / len(self.rows))

    def metrics(self) -> dict[str, float]:
        """Return all that is told of a model."""
        truth = self.rows.intent
        of_intents = quality(truth, self.intents)
        return {
            "accuracy": self.accuracy,
            "majority_accuracy": self._majority_accuracy,
            "intent_accuracy": of_intents["accuracy"],
            "macro_f1": of_intents["macro_f1"],
            "slot_f1": self._slot_f1(),
            **self._scope(truth == OUT_OF_SCOPE),
            "n_rows": len(self.rows),
        }

    def _slot_f1(self) -> float:
        """Return the F1 score of exact spans with their names, over all utterances together."""
        n_right = n_read = n_true = 0
        for reading, slots in zip(self.readings, self.rows.slots, strict=True):
            read = {Span(slot.start, slot.end, slot.name) for slot in reading.slots}
            n_right += len(read & set(slots))
            n_read += len(read)
            n_true += len(slots)
        return 2 * n_right / max(n_read + n_true, 1)

    def _scope(self, is_foreign: NDArray[np.bool_]) -> dict[str, float]:
        if is_foreign.all() or not is_foreign.any():
            return {}
        score = np.array([reading.intent.oos_score for reading in self.readings])
        rejected = self.intents == OUT_OF_SCOPE
        return {
            "oos_auroc": float(roc_auc_score(is_foreign, score)),
            "oos_recall": float(rejected[is_foreign].mean()),
            "rejected_in_scope": float(rejected[~is_foreign].mean()),
        }


def understood(understanding: Understanding, rows: UtteranceDataset, today: date) -> Understood:
    """Read utterances as of users of whom nothing is known, all on one day."""
    readings = [understanding.read(text, Ledger()) for text in rows.text]
    true_slots = [
        [Slot(span.name, text[span.start : span.end], span.start, span.end) for span in spans]
        for text, spans in zip(rows.text, rows.slots, strict=True)
    ]
    nearest = understanding.nearest_category
    frames = [frame(each.wanted, each.slots, today, nearest) for each in readings]
    true_frames = [
        frame(intent, slots, today, nearest)
        for intent, slots in zip(rows.intent.tolist(), true_slots, strict=True)
    ]
    return Understood(rows, readings, np.array(frames), np.array(true_frames))


def beside_champion(
    champion: SelfMateInference, candidate: Understood, today: date
) -> tuple[dict[str, float], dict[str, Any]]:
    """Return the champion's metrics and the paired difference of a candidate to it.

    Parameters
    ----------
    champion
        Its bundle.
    candidate
        What it is compared with.
    today
        The day on which everything is read.
    """
    rows = candidate.rows
    theirs = understood(champion.understanding, rows, today)
    # Each side's frames are compared with the truth in its own words for categories.
    ours_right, theirs_right = (
        np.where(each.frames == each.true_frames, "right", "wrong") for each in (candidate, theirs)
    )
    block = user_blocks(rows.speakers)
    truth = np.full(len(rows), "right")
    paired = paired_difference(ours_right, theirs_right, truth, block, ACCURACY)
    return theirs.metrics(), paired
