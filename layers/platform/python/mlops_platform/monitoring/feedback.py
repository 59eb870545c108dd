"""What callers tell about predictions: the body of ``POST /ml/{model}/feedback``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import orjson

from mlops_platform.bundle.signature import MAX_TEXT
from mlops_platform.config.model_config import ModelConfig
from mlops_platform.config.models import model_named
from mlops_platform.errors import MalformedRequestError, RequestValidationError
from mlops_platform.features.clock import DAY_SECONDS, format_instant, parse_instant
from mlops_platform.monitoring.captured_prediction import read_prediction_id

# As many as one batch_predict answers; a message of SQS holds them easily.
MAX_LABELS: Final = 1_000
_FIELDS: Final = ("prediction_id", "label", "label_timestamp")
_EXAMPLE: Final = '{"labels": [{"prediction_id": "…", "label": true}]}'

Problems = list[dict[str, str]]


Truth = bool | str


class Label(NamedTuple):
    """The truth about one prediction, known since an epoch second.

    It is of the kind that the model's configuration names: yes or no, or which of several.
    """

    prediction_id: str
    label: Truth
    known_at: int


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """Labels that came in one request at an epoch second."""

    model_name: str
    received_at: int
    labels: list[Label]

    def to_message(self) -> str:
        """Return the message that carries them on."""
        document = {
            "model_name": self.model_name,
            "received_at": self.received_at,
            "labels": [each._asdict() for each in self.labels],
        }
        return orjson.dumps(document).decode()

    @classmethod
    def from_message(cls, message: str) -> "Feedback":
        """Read what `to_message` returned."""
        document = orjson.loads(message)
        return cls(
            model_name=document["model_name"],
            received_at=int(document["received_at"]),
            labels=[Label(**each) for each in document["labels"]],
        )


def parse_feedback(model_name: str, body: str, now: int) -> Feedback:
    """Read a request.

    Parameters
    ----------
    model_name
        The route's model; all labels must be of its predictions.
    body
        ``{"labels": [{"prediction_id", "label", "label_timestamp"?}, …]}``.
    now
        Epoch second; a label that does not say since when it is known is known since now.

    Raises
    ------
    MalformedRequestError
        The body is no JSON object.
    ModelNotFoundError
        There is no such model.
    RequestValidationError
        A field is missing, unknown or not what it should be.
    """
    model = model_named(model_name)
    entries = _read_entries(body)
    problems: Problems = []
    labels = []
    for index, entry in enumerate(entries):
        wrong = _problems_of(entry, f"labels[{index}]", model, now)
        problems += wrong
        if not wrong:
            stated = entry.get("label_timestamp")
            known_at = now if stated is None else parse_instant(stated)
            labels.append(Label(entry["prediction_id"], entry["label"], known_at))
    if problems:
        raise RequestValidationError(problems)
    return Feedback(model_name=model_name, received_at=now, labels=labels)


def _read_entries(body: str) -> list[Any]:
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedRequestError(f"The body is not JSON: {error}; send {_EXAMPLE}.") from error
    if not isinstance(fields, dict):
        raise MalformedRequestError(f"The body must be an object: {_EXAMPLE}.")
    unknown = [
        _problem(name, f"is unknown; send {_EXAMPLE}.") for name in fields if name != "labels"
    ]
    entries = fields.get("labels")
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_LABELS:
        unknown.append(_problem("labels", f"must be a list of 1 to {MAX_LABELS} labels."))
    if unknown:
        raise RequestValidationError(unknown)
    return list(entries or [])


def _problems_of(entry: Any, place: str, model: ModelConfig, now: int) -> Problems:
    if not isinstance(entry, dict):
        return [_problem(place, f"must be an object of {', '.join(_FIELDS)}.")]
    problems = [
        _problem(f"{place}.{name}", f"is unknown; known are {', '.join(_FIELDS)}.")
        for name in entry
        if name not in _FIELDS
    ]
    problems += _label_problems(entry.get("label"), f"{place}.label", model)
    if not _names_prediction(entry.get("prediction_id"), model.name):
        message = f"must be a prediction_id that {model.name} answered with."
        problems.append(_problem(f"{place}.prediction_id", message))
    return problems + _time_problems(entry, f"{place}.label_timestamp", now)


def _label_problems(label: object, place: str, model: ModelConfig) -> Problems:
    if model.label == "boolean":
        return [] if isinstance(label, bool) else [_problem(place, "must be true or false.")]
    if isinstance(label, str) and 0 < len(label) <= MAX_TEXT:
        return []
    message = f"must be the right {model.answer_name} as text of 1 to {MAX_TEXT} characters."
    return [_problem(place, message)]


def _names_prediction(value: object, model_name: str) -> bool:
    try:
        return isinstance(value, str) and read_prediction_id(value).model_name == model_name
    except (OverflowError, ValueError):
        return False


def _time_problems(entry: Mapping[str, Any], place: str, now: int) -> Problems:
    stated = entry.get("label_timestamp")
    if stated is None:
        return []
    example = format_instant(now)
    try:
        known_at = parse_instant(stated)
    except (OverflowError, TypeError, ValueError):
        return [_problem(place, f"must be a moment in ISO 8601, such as {example}.")]
    if known_at > now + DAY_SECONDS:
        return [_problem(place, f"lies in the future; it is {example} now.")]
    return []


def _problem(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}
