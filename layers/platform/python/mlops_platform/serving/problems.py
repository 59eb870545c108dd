"""What the world's errors look like over HTTP.

References
----------
.. [1] RFC 9457, "Problem Details for HTTP APIs".
"""

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self

from mlops_platform.errors import (
    BundleIntegrityError,
    MalformedRequestError,
    ModelNotDeployedError,
    ModelNotFoundError,
    ModelVersionNotFoundError,
    PlatformError,
    RequestTooLargeError,
    RequestValidationError,
    RoutingUnavailableError,
    UnsupportedMediaTypeError,
)

MAX_LISTED_PROBLEMS = 100

_STATUSES: dict[type[PlatformError], HTTPStatus] = {
    MalformedRequestError: HTTPStatus.BAD_REQUEST,
    RequestValidationError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnsupportedMediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    RequestTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ModelNotFoundError: HTTPStatus.NOT_FOUND,
    ModelVersionNotFoundError: HTTPStatus.NOT_FOUND,
    ModelNotDeployedError: HTTPStatus.SERVICE_UNAVAILABLE,
    RoutingUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    BundleIntegrityError: HTTPStatus.SERVICE_UNAVAILABLE,
}
_RETRY_AFTER_SECONDS = {
    ModelNotDeployedError: 30,
    RoutingUnavailableError: 5,
    BundleIntegrityError: 60,
}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One problem in the words of RFC 9457.

    Parameters
    ----------
    kind
        Name of the error; the problem's type is made of it.
    status
        HTTP status code.
    detail
        What is wrong and what to do next.
    errors
        One entry for each field: ``{"field": …, "message": …}``.
    retry_after_seconds
        When the same request may succeed.
    """

    kind: str
    status: int
    detail: str
    errors: list[dict[str, str]] = field(default_factory=list)
    retry_after_seconds: int | None = None

    @classmethod
    def unexpected(cls, request_id: str) -> Self:
        """Return the problem for an error that nobody foresaw; the log has the rest."""
        return cls(
            kind="InternalError",
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
            detail=f"Something failed on our side. Quote request {request_id} when you report it.",
        )

    def to_json(self) -> dict[str, Any]:
        """Return the members of a problem+json body."""
        body: dict[str, Any] = {
            "type": f"urn:selfmonitor-mlops:problem:{_slug(self.kind)}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = self.errors
        return body


def problem_of(error: PlatformError) -> Problem:
    """Return what to tell the caller about an error that we raised on purpose."""
    kind = type(error)
    status = _STATUSES.get(kind, HTTPStatus.INTERNAL_SERVER_ERROR)
    problems = error.problems if isinstance(error, RequestValidationError) else []
    detail = f"{len(problems)} field(s) are wrong; see errors." if problems else str(error)
    return Problem(
        kind=kind.__name__,
        status=status,
        detail=detail,
        errors=_listed(problems),
        retry_after_seconds=_RETRY_AFTER_SECONDS.get(kind),
    )


def _listed(problems: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the first problems; a batch may have thousands."""
    rest = len(problems) - MAX_LISTED_PROBLEMS
    if rest <= 0:
        return problems
    more = {"field": "", "message": f"… and {rest} more problems of this kind and others."}
    return [*problems[:MAX_LISTED_PROBLEMS], more]


def _slug(kind: str) -> str:
    """Return ``ModelNotFoundError`` as ``model-not-found``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.removesuffix("Error")).lower()
