"""The control API's answers: JSON or problem+json."""

import json
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from mlops_platform.errors import (
    ChampionChangedError,
    LedgerConflictError,
    NoEarlierReleaseError,
    PlatformError,
    TrackingServerError,
)
from mlops_platform.observability.logging import logger
from mlops_platform.serving.problems import Problem, problem_of

_JSON, _PROBLEM = "application/json", "application/problem+json"
_RETRY_AFTER_SECONDS = 5
# What the caller has to look at before deciding again, and what passes by itself.
_CONFLICTS = (ChampionChangedError, NoEarlierReleaseError)
_PASSING = (TrackingServerError, LedgerConflictError)


def json_response(body: Any, status: int = HTTPStatus.OK) -> Response[str]:
    """Answer with a JSON body."""
    return Response(status_code=status, content_type=_JSON, body=json.dumps(body))


def problem_response(error: PlatformError) -> Response[str]:
    """Answer an error that we raised on purpose."""
    problem = problem_of(error)
    if isinstance(error, _CONFLICTS):
        problem = replace(problem, status=HTTPStatus.CONFLICT)
    for kind in _PASSING:
        if isinstance(error, kind):
            problem = replace(
                problem,
                kind=kind.__name__,
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


def _answer(problem: Problem) -> Response[str]:
    retry = problem.retry_after_seconds
    return Response(
        status_code=problem.status,
        content_type=_PROBLEM,
        body=json.dumps(problem.to_json()),
        headers={} if retry is None else {"retry-after": str(retry)},
    )
