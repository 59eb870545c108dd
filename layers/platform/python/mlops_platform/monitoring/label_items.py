"""How a prediction's label lies in the monitoring table, and with it what was counted for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from mlops_platform.features.clock import parse_instant
from mlops_platform.monitoring.captured_prediction import CapturedPrediction, Series
from mlops_platform.monitoring.feedback import Label, Truth
from mlops_platform.monitoring.monitoring_table import Item, key, number, text
from mlops_platform.profiles.profile import LabelledScore

_PLACE: Final = "label"
_PARTITION: Final = "label#"
# Yes or no, one of several, or a list of proposals, which labels name by what stands under this.
PROPOSAL_ID: Final = "item_id"
Answer = bool | str | list[str]


@dataclass(frozen=True, kw_only=True)
class LabelledPrediction:
    """A prediction with its label.

    Parameters
    ----------
    prediction_id, series, hour
        Which prediction, and where it counts.
    score, answer, occurred_at
        How sure it was, what it answered, and when it happened, epoch seconds.
    label, known_at, received_at
        The truth, since when it is known, and when that was told, epoch seconds.
    delay_seconds
        The delay with which this label was counted.
    version
        The item's version as it was read; 0 means that there is no item yet.
    """

    prediction_id: str
    series: Series
    hour: str
    score: float
    answer: Answer
    occurred_at: int
    label: Truth
    known_at: int
    received_at: int
    delay_seconds: int
    version: int = 0

    @classmethod
    def of(
        cls,
        prediction: CapturedPrediction,
        *,
        score_name: str,
        answer_name: str,
        label: Label,
        received_at: int,
    ) -> Self:
        """Return a prediction with its first label.

        Parameters
        ----------
        prediction
            The prediction.
        score_name, answer_name
            Which fields of its output are its score and its answer.
        label, received_at
            Its label, and the epoch second at which that came.
        """
        output = prediction.record["output"]
        occurred_at = parse_instant(prediction.record["occurred_at"])
        return cls(
            prediction_id=prediction.prediction_id,
            series=prediction.series,
            hour=prediction.hour,
            score=float(output[score_name]),
            answer=_named(output[answer_name]),
            occurred_at=occurred_at,
            label=label.label,
            known_at=label.known_at,
            received_at=received_at,
            delay_seconds=_delay(label, occurred_at),
        )

    def is_superseded_by(self, label: Label, received_at: int) -> bool:
        """Say whether a label is newer than this one, in whatever order they are delivered."""
        return (self.known_at, self.received_at) < (label.known_at, received_at)

    @property
    def counted(self) -> LabelledScore:
        """What its profile counts.

        Where the answer is yes or no, it is compared with the truth. Where it is one of several,
        or a list of proposals, it claims to be right, and the truth says whether it is.
        """
        if isinstance(self.answer, bool):
            return LabelledScore(self.score, bool(self.label), self.delay_seconds, self.answer)
        proposed = self.answer if isinstance(self.answer, list) else [self.answer]
        return LabelledScore(self.score, self.label in proposed, self.delay_seconds, predicted=True)

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """Read an item of the monitoring table."""
        stored = dict(item)
        return cls(
            prediction_id=text(stored, "partition").removeprefix(_PARTITION),
            series=Series(text(stored, "model_name"), text(stored, "bundle_sha256")),
            hour=text(stored, "happened"),
            score=float(text(stored, "score")),
            answer=json.loads(text(stored, "answer")),
            occurred_at=number(stored, "occurred_at"),
            label=json.loads(text(stored, "truth")),
            known_at=number(stored, "known_at"),
            received_at=number(stored, "received_at"),
            delay_seconds=number(stored, "delay_seconds"),
            version=number(stored, "version"),
        )

    def put(self, expires_at: int) -> Item:
        """Return the Put that fails if somebody has changed the item since it was read."""
        numbers = {
            "occurred_at": self.occurred_at,
            "known_at": self.known_at,
            "received_at": self.received_at,
            "delay_seconds": self.delay_seconds,
            "version": self.version + 1,
            "expires_at": expires_at,
        }
        request: Item = {
            "Item": {
                **label_key(self.prediction_id),
                **{name: {"N": str(value)} for name, value in numbers.items()},
                # As text: a number of DynamoDB's may not be as small as a float.
                "score": {"S": repr(self.score)},
                "model_name": {"S": self.series.model_name},
                "bundle_sha256": {"S": self.series.bundle_sha256},
                "happened": {"S": self.hour},
                "answer": {"S": json.dumps(self.answer)},
                "truth": {"S": json.dumps(self.label)},
            },
            "ConditionExpression": "attribute_not_exists(place)",
        }
        if self.version:
            request["ConditionExpression"] = "version = :read"
            request["ExpressionAttributeValues"] = {":read": {"N": str(self.version)}}
        return {"Put": request}


def _named(answer: Any) -> Answer:
    """Return an answer as labels name it: of proposals that say more about themselves, the ids."""
    if not isinstance(answer, list):
        return bool(answer) if isinstance(answer, bool) else str(answer)
    return [each[PROPOSAL_ID] if isinstance(each, Mapping) else str(each) for each in answer]


def label_place(prediction_id: str) -> tuple[str, str]:
    """Return partition and place of a prediction's label."""
    return _PARTITION + prediction_id, _PLACE


def label_key(prediction_id: str) -> Item:
    """Return the primary key of a prediction's label."""
    return key(*label_place(prediction_id))


def _delay(label: Label, occurred_at: int) -> int:
    return max(label.known_at - occurred_at, 0)
