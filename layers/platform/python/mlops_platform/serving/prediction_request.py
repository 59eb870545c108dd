"""A prediction request's body: its shape, before any model looks at the values."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from mlops_platform.errors import MalformedRequestError, RequestValidationError
from mlops_platform.serving.variant_choice import LATEST

MAX_INSTANCES = 1_000
NOT_FEATURES = "must be an object of feature names and values."
_MODEL_VERSION = "model_version"


class PredictionRequest(NamedTuple):
    """Rows to predict, and the version that shall do it.

    Parameters
    ----------
    instances
        What was sent for each row: an object of features, values unchecked, if it is a request.
    model_version
        ``"latest"``, a semantic version or a registry version.
    is_batch
        Whether the rows came as a list, which decides how the answer names them.
    """

    instances: list[Any]
    model_version: str
    is_batch: bool

    def field(self, row: int, name: str = "") -> str:
        """Return where in the body a row or its feature stands, e.g. ``instances[3].amount``."""
        place = f"instances[{row}]" if self.is_batch else "features"
        return f"{place}.{name}" if name else place


def parse_predict(body: bytes) -> PredictionRequest:
    """Read ``{"features": {…}, "model_version": "latest"}``.

    Raises
    ------
    MalformedRequestError
        The body is no JSON object.
    RequestValidationError
        A field is missing, unknown or of the wrong type.
    """
    fields = _read_object(body, "features")
    problems = _problems(fields, "features")
    features = fields.get("features")
    if "features" in fields and not isinstance(features, dict):
        problems.append(_problem("features", NOT_FEATURES))
    _refuse(problems)
    return PredictionRequest(
        instances=[features],
        model_version=fields.get(_MODEL_VERSION, LATEST),
        is_batch=False,
    )


def parse_batch_predict(body: bytes) -> PredictionRequest:
    """Read ``{"instances": [{…}, …], "model_version": "latest"}``; raises as `parse_predict`.

    What is wrong with single rows is left to whoever answers the others.
    """
    fields = _read_object(body, "instances")
    problems = _problems(fields, "instances")
    instances: Any = fields.get("instances")
    if "instances" in fields:
        problems += _instance_problems(instances)
    _refuse(problems)
    return PredictionRequest(
        instances=instances,
        model_version=fields.get(_MODEL_VERSION, LATEST),
        is_batch=True,
    )


def _read_object(body: bytes, content: str) -> dict[str, Any]:
    if not body.strip():
        raise MalformedRequestError(f'The body is empty; send {{"{content}": …}} as JSON.')
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedRequestError(
            f"The body is not JSON: {error}. Note that JSON has no NaN and no Infinity; "
            "leave a value that you do not have out."
        ) from error
    if not isinstance(fields, dict):
        raise MalformedRequestError(f'The body must be an object: {{"{content}": …}}.')
    return fields


def _problems(fields: Mapping[str, Any], content: str) -> list[dict[str, str]]:
    """Return what is wrong with the body's outermost names."""
    allowed = (content, _MODEL_VERSION)
    problems = [
        _problem(name, f"is not a field of this request; it has {' and '.join(allowed)}.")
        for name in fields
        if name not in allowed
    ]
    if content not in fields:
        problems.append(_problem(content, "is missing."))
    if not isinstance(fields.get(_MODEL_VERSION, LATEST), str):
        problems.append(_problem(_MODEL_VERSION, f"must be a string such as {LATEST!r}."))
    return problems


def _instance_problems(instances: Any) -> list[dict[str, str]]:
    if not isinstance(instances, list):
        return [_problem("instances", "must be a list of objects.")]
    if not 1 <= len(instances) <= MAX_INSTANCES:
        return [_problem("instances", f"has {len(instances)} rows; send 1 to {MAX_INSTANCES}.")]
    return []


def _problem(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}


def _refuse(problems: list[dict[str, str]]) -> None:
    if problems:
        raise RequestValidationError(problems)
