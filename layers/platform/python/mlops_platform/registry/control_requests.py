"""What the control API is asked: bodies, and who sent them."""

import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from mlops_platform.errors import MalformedRequestError, RequestValidationError
from mlops_platform.registry.transition import Cause

MAX_REASON = 500
_BY_HAND = "promoted by hand"
_VERSION = "Give the version's number or semantic version, e.g. '3' or '1.0.0'."
_REASON = f"Say why, in 1 to {MAX_REASON} characters; it stays in the ledger."
_REVISION = "Give the revision that serves now, a whole number such as 7, or leave it out."


@dataclass(frozen=True, kw_only=True)
class PromotionRequest:
    """A person wants a version in a stage, and says why."""

    version: str
    cause: Cause


@dataclass(frozen=True, kw_only=True)
class RollbackRequest:
    """A person wants an earlier version back, and says why.

    Parameters
    ----------
    version
        Which one; None for the one that served before.
    revision
        The routing that the person saw, so that a repeated request does not roll back twice; None
        if they did not look.
    """

    version: str | None
    revision: int | None
    cause: Cause


def read_promotion(event: APIGatewayProxyEventV2) -> PromotionRequest:
    """Read ``{"version": "3"}`` or ``{"version": "1.0.0"}``, perhaps with a ``reason``.

    Raises
    ------
    MalformedRequestError
        The body is not JSON.
    RequestValidationError
        It does not name a version, or its reason is none.
    """
    body = _read_object(event)
    problems = _problem_of("version", _is_version(body.get("version")), _VERSION)
    reason = body.get("reason", _BY_HAND)
    problems += _problem_of("reason", _is_reason(reason), _REASON)
    if problems:
        raise RequestValidationError(problems)
    return PromotionRequest(version=str(body["version"]), cause=_cause(event, reason))


def read_rollback(event: APIGatewayProxyEventV2) -> RollbackRequest:
    """Read ``{"reason": "…"}``, perhaps with a ``version`` and the ``revision`` to leave.

    Raises
    ------
    MalformedRequestError
        The body is not JSON.
    RequestValidationError
        A field is missing, or is not what it should be.
    """
    body = _read_object(event)
    version, revision = body.get("version"), body.get("revision")
    problems = _problem_of("reason", _is_reason(body.get("reason")), _REASON)
    problems += _problem_of("version", version is None or _is_version(version), _VERSION)
    problems += _problem_of("revision", revision is None or _is_number(revision), _REVISION)
    if problems:
        raise RequestValidationError(problems)
    return RollbackRequest(
        version=None if version is None else str(version),
        revision=revision,
        cause=_cause(event, body["reason"]),
    )


def read_moment(event: APIGatewayProxyEventV2) -> datetime | None:
    """Read the query's ``at``, an ISO time; None if it has none.

    Raises
    ------
    RequestValidationError
        It is something else.
    """
    text = event.query_string_parameters.get("at")
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is not a moment; send one such as 2026-03-01T09:30:00Z."
        raise RequestValidationError([{"field": "at", "message": message}]) from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read_object(event: APIGatewayProxyEventV2) -> dict[str, Any]:
    try:
        # Unlike json's, its reader refuses what is nested too deeply as it refuses all else.
        body = orjson.loads(event.decoded_body or "")
    except (ValueError, binascii.Error) as error:
        raise MalformedRequestError(
            f'The body is not JSON ({error}); send an object such as {{"version": "1.0.0"}}.'
        ) from error
    # What is no object has no fields, and is told which it should have.
    return body if isinstance(body, dict) else {}


def _cause(event: APIGatewayProxyEventV2, reason: str) -> Cause:
    """Return the cause of a person's request; the authorizer has named its key."""
    context = event.request_context
    return Cause(
        operation=f"request {context.request_id}",
        who=context.authorizer.get_lambda["key_name"],
        why=reason,
    )


def _problem_of(field: str, is_right: bool, message: str) -> list[dict[str, str]]:  # noqa: FBT001
    return [] if is_right else [{"field": field, "message": message}]


def _is_version(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and bool(str(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_reason(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= MAX_REASON
