"""API Gateway's payload 2.0, read and answered; the one place where exceptions become answers."""

import base64
import binascii
import functools
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from mlops_platform.errors import (
    MalformedRequestError,
    PlatformError,
    RequestTooLargeError,
    UnsupportedMediaTypeError,
)
from mlops_platform.observability.logging import logger
from mlops_platform.serving.problems import Problem, problem_of

# A Lambda takes no event above 6 MB; a thousand rows are far from it.
MAX_BODY_BYTES = 6_000_000

Answer = dict[str, Any]
Handler = Callable[[dict[str, Any], Any], Answer]


class HttpRequest(NamedTuple):
    """A request to ``/ml/{model_name}/{action}``; `started` is of `time.perf_counter`."""

    method: str
    model_name: str
    action: str
    body: bytes
    started: float


def read_request(event: Mapping[str, Any]) -> HttpRequest:
    """Read a payload-2.0 event.

    Raises
    ------
    UnsupportedMediaTypeError, RequestTooLargeError, MalformedRequestError
        The body cannot be JSON, is too large, or is not the base64 that it claims to be.
    """
    started = time.perf_counter()
    http = event["requestContext"]["http"]
    model_name, action = model_and_action(http["path"])
    return HttpRequest(
        method=http["method"],
        model_name=model_name,
        action=action,
        body=_read_body(event),
        started=started,
    )


def model_and_action(path: str) -> tuple[str, str]:
    """Return the last two parts of a path, from the end, so that a stage's name does no harm.

    Examples
    --------
    >>> model_and_action("/dev/ml/fraud_detection/predict")
    ('fraud_detection', 'predict')
    """
    model_name, action = ["", "", *path.strip("/").split("/")][-2:]
    return model_name, action


def json_answer(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer of payload 2.0 with a JSON body."""
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", **(headers or {})},
        "body": orjson.dumps(content).decode(),
        "isBase64Encoded": False,
    }


def answers_problems(handler: Handler) -> Handler:
    """Answer a handler's exceptions as ``application/problem+json``, never with a stack trace."""

    @functools.wraps(handler)
    def answering(event: dict[str, Any], context: Any) -> Answer:
        return answer_or_problem(
            lambda: handler(event, context),
            lambda: getattr(context, "aws_request_id", "unknown"),
        )

    return answering


def answer_or_problem(answering: Callable[[], Answer], name_request: Callable[[], str]) -> Answer:
    """Return an answer, or the problem that kept it from being one; never raises.

    Parameters
    ----------
    answering
        Answers.
    name_request
        Called where nobody foresaw the problem: returns what the caller may quote and the log has.
    """
    try:
        return answering()
    except PlatformError as error:
        problem = problem_of(error)
        if problem.status >= 500:  # noqa: PLR2004 - HTTP's server errors begin here
            logger.exception("request failed")
        return problem_answer(problem)
    except Exception:  # noqa: BLE001 - the last door before the caller
        request_id = name_request()
        logger.exception("request failed", extra={"request_id": request_id})
        return problem_answer(Problem.unexpected(request_id))


def problem_answer(problem: Problem) -> Answer:
    """Return a problem as an answer of payload 2.0."""
    headers = {"content-type": "application/problem+json"}
    if problem.retry_after_seconds is not None:
        headers["retry-after"] = str(problem.retry_after_seconds)
    return json_answer(problem.status, problem.to_json(), headers)


def _read_body(event: Mapping[str, Any]) -> bytes:
    text: str = event.get("body") or ""
    require_json_body((event.get("headers") or {}).get("content-type"), len(text))
    if not event.get("isBase64Encoded"):
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise MalformedRequestError(f"The body is not base64: {error}.") from error


def require_json_body(content_type: str | None, n_bytes: int) -> None:
    """Refuse a body that says it is something else, or is too large.

    One that says nothing is taken as JSON.

    Raises
    ------
    UnsupportedMediaTypeError, RequestTooLargeError
        In this order.
    """
    kind = (content_type or "application/json").partition(";")[0].strip().lower()
    if n_bytes and kind != "application/json" and not kind.endswith("+json"):
        raise UnsupportedMediaTypeError(
            f"The body is {content_type!r}; send it as 'application/json'."
        )
    if n_bytes > MAX_BODY_BYTES:
        raise RequestTooLargeError(
            f"The body has more than {MAX_BODY_BYTES} bytes; send fewer rows at a time."
        )
