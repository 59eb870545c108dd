"""A prediction record as monitoring counts it: who numbered it, when it happened, who answered."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from mlops_platform.features.clock import parse_instant
from mlops_platform.profiles.reference import ReferenceProfile

# Written by serving: a UUID of version 7, the model, the version.
_PREDICTION_ID: Final = re.compile(
    r"(?P<ms>[0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"\.(?P<model>[a-z][a-z0-9_]{0,63})\.[0-9A-Za-z.+-]{1,64}"
)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_ENVIRONMENT: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
# The largest number that the monitoring table's sets are made for; no environment lives so long.
_MAX_SEQUENCE: Final = 2**53


class Series(NamedTuple):
    """The predictions of one bundle of one model; profiles of one series add up."""

    model_name: str
    bundle_sha256: str


class PredictionName(NamedTuple):
    """What a prediction's id says: whose it is, and the UTC minute in which it was made."""

    model_name: str
    minute: str


class CapturedPrediction(NamedTuple):
    """One prediction record.

    Parameters
    ----------
    environment_id, sequence
        Which execution environment wrote it, under which of its numbers.
    prediction_id
        Its name.
    series
        Whose it is.
    hour
        The UTC hour in which it happened, e.g. ``2026-03-02T12``.
    minute
        The UTC minute in which it was made, e.g. ``2026-03-02T12:05``.
    record
        All that was written.
    """

    environment_id: str
    sequence: int
    prediction_id: str
    series: Series
    hour: str
    minute: str
    record: Mapping[str, Any]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "CapturedPrediction":
        """Read a prediction record.

        Raises
        ------
        KeyError, TypeError, ValueError
            Something is missing or is not what serving writes.
        """
        name = read_prediction_id(record["prediction_id"])
        if record["model_name"] != name.model_name:
            raise ValueError(f"{record['prediction_id']} is not of {record['model_name']!r}")
        return cls(
            environment_id=_matching(_ENVIRONMENT, record["environment_id"]),
            sequence=_sequence(record["sequence"]),
            prediction_id=record["prediction_id"],
            series=Series(name.model_name, _matching(_SHA256, record["bundle_sha256"])),
            hour=hour_of(parse_instant(record["occurred_at"])),
            minute=name.minute,
            record=record,
        )


def read_prediction_id(prediction_id: str) -> PredictionName:
    """Read a prediction's id.

    Raises
    ------
    TypeError, ValueError
        It is not one.

    Examples
    --------
    >>> read_prediction_id("019cae44-2c00-7000-8000-000000000000.fraud_detection.1.0.0")
    PredictionName(model_name='fraud_detection', minute='2026-03-02T11:17')
    """
    parts = _PREDICTION_ID.fullmatch(prediction_id)
    if parts is None:
        raise ValueError(f"{prediction_id[:200]!r} is not the id of a prediction")
    made = datetime.fromtimestamp(int(parts["ms"].replace("-", ""), 16) // 1000, UTC)
    return PredictionName(parts["model"], made.strftime("%Y-%m-%dT%H:%M"))


def hour_of(moment: int) -> str:
    """Return the UTC hour of an epoch second.

    Examples
    --------
    >>> hour_of(1772452800)
    '2026-03-02T12'
    """
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H")


def require_fit(prediction: CapturedPrediction, reference: ReferenceProfile) -> None:
    """Raise unless a record can be counted in its bundle's bins, so that it spoils no other's.

    Raises
    ------
    KeyError, TypeError, ValueError
        Its inputs, score, time or `degraded` are not those of this bundle.
    """
    record = prediction.record
    inputs = [float("nan") if value is None else value for value in record["inputs"]]
    numbers = [*inputs, record["output"][reference.score_name], record["compute_ms"]]
    if not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        raise TypeError("an input, the score or compute_ms is not a number")
    if len(inputs) != len(reference.inputs):
        raise ValueError(f"{len(inputs)} inputs where {len(reference.inputs)} belong")
    if not isinstance(record["degraded"], list):
        raise TypeError("degraded is not a list")


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"{text[:200]!r} does not match {pattern.pattern}")
    return text


def _sequence(number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"sequence is {number!r}")
    if not 1 <= number <= _MAX_SEQUENCE:
        raise ValueError(f"sequence is {number}")
    return number
