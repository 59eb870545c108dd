"""Utterances with what they mean, as SelfMate's training works on them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlops_platform.errors import DataValidationError, TrainingDataError
from mlops_platform.models.selfmate.slot_labels import SLOTS, Span
from mlops_platform.training.epoch_seconds import epoch_seconds

SPLITS: Final = ("train", "validation", "test")


@dataclass(frozen=True)
class UtteranceDataset:
    """Utterances in time order, of length n.

    Parameters
    ----------
    text, intent, split, user
        Columns of the table; `user` is empty where nobody is named.
    slots
        What each names, in the order of its text.
    timestamp
        Epoch seconds.
    """

    text: NDArray[np.object_]
    intent: NDArray[np.str_]
    split: NDArray[np.str_]
    user: NDArray[np.object_]
    slots: list[tuple[Span, ...]]
    timestamp: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.text)

    @property
    def speakers(self) -> list[str]:
        """Who said each; what nobody is named for stands for itself."""
        return [user or text for user, text in zip(self.user, self.text, strict=True)]

    def taken(self, chosen: NDArray[np.bool_]) -> "UtteranceDataset":
        """Return the utterances that a mask of shape (n,) chooses."""
        return UtteranceDataset(
            text=self.text[chosen],
            intent=self.intent[chosen],
            split=self.split[chosen],
            user=self.user[chosen],
            slots=[self.slots[row] for row in np.flatnonzero(chosen)],
            timestamp=self.timestamp[chosen],
        )

    def saying(
        self, text: NDArray[np.object_], slots: list[tuple[Span, ...]]
    ) -> "UtteranceDataset":
        """Return the same utterances in other words."""
        return replace(self, text=text, slots=slots)

    def of(self, *splits: str) -> "UtteranceDataset":
        """Return the utterances of some splits.

        Raises
        ------
        TrainingDataError
            There are none.
        """
        rows = self.taken(np.isin(self.split, splits))
        if not len(rows):
            raise TrainingDataError(
                f"No utterance is of the split {' or '.join(splits)}; the column `split` must name "
                f"{', '.join(SPLITS)}, each with wordings of its own."
            )
        return rows


def from_table(utterances: pd.DataFrame, as_of: int) -> UtteranceDataset:
    """Return the utterances of a validated table that were said before a moment.

    Parameters
    ----------
    utterances
        The documented table; timestamps are UTC.
    as_of
        Epoch second. What has no timestamp counts as said just before it.

    Raises
    ------
    DataValidationError
        A row's slots cannot be read.
    """
    seconds = np.full(len(utterances), as_of - 1, dtype=np.int64)
    if "timestamp" in utterances:
        told = utterances["timestamp"].notna().to_numpy()
        seconds[told] = epoch_seconds(utterances["timestamp"][told])
    order = np.argsort(seconds, kind="stable")
    ordered = utterances.iloc[order]
    dataset = UtteranceDataset(
        text=ordered["text"].to_numpy(dtype=object),
        intent=ordered["intent"].to_numpy(dtype=str),
        split=ordered["split"].to_numpy(dtype=str),
        user=_optional(ordered, "user_id"),
        slots=[
            _slots(text, slots)
            for text, slots in zip(ordered["text"], _optional(ordered, "slots"), strict=True)
        ],
        timestamp=seconds[order],
    )
    return dataset.taken(dataset.timestamp < as_of)


def _optional(table: pd.DataFrame, name: str) -> NDArray[np.object_]:
    """Return a column as text, empty where it has no value or does not exist."""
    if name not in table:
        return np.full(len(table), "", dtype=object)
    return table[name].fillna("").astype(str).to_numpy(dtype=object)


def _slots(text: str, document: str) -> tuple[Span, ...]:
    try:
        spans = tuple(sorted(Span(*entry) for entry in json.loads(document or "[]")))
        _check(text, spans)
    except (TypeError, ValueError) as error:
        raise DataValidationError(
            f"The slots {document!r} of {text!r} are not a JSON list of [start, end, name] within "
            f"the text, with names among {', '.join(SLOTS)}: {error}. Correct the row."
        ) from error
    return spans


def _check(text: str, spans: Sequence[Any]) -> None:
    end = 0
    for span in spans:
        if not end <= span.start < span.end <= len(text) or span.name not in SLOTS:
            raise ValueError(f"{span}")
        end = span.end
