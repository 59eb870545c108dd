"""The control API's bodies: JSON in, JSON or problem+json out."""

import binascii
import json
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import orjson
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

from mlops_platform.errors import (
    ChampionChangedError,
    MalformedRequestError,
    PlatformError,
    RequestValidationError,
    TrackingServerError,
)
from mlops_platform.observability.logging import logger
from mlops_platform.serving.problems import Problem, problem_of

_JSON, _PROBLEM = "application/json", "application/problem+json"
_RETRY_AFTER_SECONDS = 5


def json_response(body: Any, status: int = HTTPStatus.OK) -> Response[str]:
    """Answer with a JSON body."""
    return Response(status_code=status, content_type=_JSON, body=json.dumps(body))


def problem_response(error: PlatformError) -> Response[str]:
    """Answer an error that we raised on purpose."""
    problem = problem_of(error)
    if isinstance(error, ChampionChangedError):
        problem = replace(problem, status=HTTPStatus.CONFLICT)
    if isinstance(error, TrackingServerError):
        problem = replace(
            problem,
            kind=TrackingServerError.__name__,
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            retry_after_seconds=_RETRY_AFTER_SECONDS,
        )
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("request failed", exc_info=error)
    return _answer(problem)


def unexpected_response(error: Exception, request_id: str) -> Response[str]:
    """Answer an error that nobody foresaw; the log has its stack."""
    logger.error("request failed", exc_info=error)
    return _answer(Problem.unexpected(request_id))


def unknown_route_response(path: str) -> Response[str]:
    """Answer a path that leads nowhere."""
    detail = f"There is no {path} here with this method; the API's description lists the routes."
    return _answer(Problem(kind="RouteNotFoundError", status=HTTPStatus.NOT_FOUND, detail=detail))


def read_version(event: BaseProxyEvent) -> str:
    """Read ``{"version": "3"}`` or ``{"version": "1.0.0"}`` from a request's body.

    Raises
    ------
    MalformedRequestError
        The body is not JSON.
    RequestValidationError
        It does not name a version.
    """
    try:
        # Unlike json's, its reader refuses what is nested too deeply as it refuses all else.
        body = orjson.loads(event.decoded_body or "")
    except (ValueError, binascii.Error) as error:
        raise MalformedRequestError(
            f'The body is not JSON ({error}); send {{"version": "1.0.0"}}.'
        ) from error
    version = body.get("version") if isinstance(body, dict) else None
    if isinstance(version, bool) or not isinstance(version, str | int) or not str(version):
        message = "Give the version's number or semantic version, e.g. '3' or '1.0.0'."
        raise RequestValidationError([{"field": "version", "message": message}])
    return str(version)


def _answer(problem: Problem) -> Response[str]:
    retry = problem.retry_after_seconds
    return Response(
        status_code=problem.status,
        content_type=_PROBLEM,
        body=json.dumps(problem.to_json()),
        headers={} if retry is None else {"retry-after": str(retry)},
    )
