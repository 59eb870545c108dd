"""How a delivery is cut into what one transaction counts, and what in it is new."""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from mlops_platform.monitoring.captured_prediction import CapturedPrediction
from mlops_platform.monitoring.environment_log import EnvironmentLog

# Of the 100 actions that DynamoDB allows in one transaction.
_CHUNK_ACTIONS: Final = 90


def environment_of(prediction: CapturedPrediction) -> tuple[str, str]:
    """Return the model and the execution environment that made a prediction."""
    return prediction.series.model_name, prediction.environment_id


def chunks(predictions: Iterable[CapturedPrediction]) -> Iterator[list[CapturedPrediction]]:
    """Cut a delivery so that each piece fits one transaction; usually it is one piece."""
    chunk: list[CapturedPrediction] = []
    touched: set[Any] = set()
    for each in sorted(predictions, key=lambda p: (p.series, p.hour, p.environment_id, p.sequence)):
        items = {
            ("environment", environment_of(each)),
            ("profile", each.series, each.hour),
            ("minute", each.series.model_name, each.minute),
        }
        if len(touched | items) > _CHUNK_ACTIONS:
            yield chunk
            chunk, touched = [], set()
        chunk.append(each)
        touched |= items
    if chunk:
        yield chunk


def fresh_ones(
    chunk: Iterable[CapturedPrediction], logs: Mapping[tuple[str, str], EnvironmentLog]
) -> list[CapturedPrediction]:
    """Return the predictions that have not been counted, each once, in an order of their own."""
    unique = {(environment_of(each), each.sequence): each for each in chunk}
    return [unique[name] for name in sorted(unique) if name[1] not in logs[name[0]].seen]


def grouped(
    predictions: Sequence[CapturedPrediction], by: Callable[[CapturedPrediction], Any]
) -> Iterator[tuple[Any, list[CapturedPrediction]]]:
    """Yield groups; within a group the order stays."""
    for name, group in itertools.groupby(sorted(predictions, key=by), by):
        yield name, list(group)


def batch_name(predictions: Iterable[CapturedPrediction]) -> str:
    """Return a name that only the same predictions have."""
    digest = hashlib.sha256()
    for each in predictions:
        digest.update(f"{each.environment_id}#{each.sequence}\n".encode())
    return digest.hexdigest()[:32]
