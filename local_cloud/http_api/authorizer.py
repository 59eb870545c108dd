"""A Lambda REQUEST authorizer with result caching.

References
----------
.. [1] API Gateway developer guide, "Control access to HTTP APIs with AWS Lambda authorizers".
"""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from local_cloud.functions.invocation import InvocationResult

_DEFAULT_TTL_SECONDS = 300


class UnauthorizedError(Exception):
    """An identity source is missing: 401."""


class ForbiddenError(Exception):
    """The authorizer said no: 403."""


class AuthorizerFailedError(Exception):
    """The authorizer function failed or answered nonsense: 500."""


class LambdaAuthorizer:
    """Asks a function whether a request may pass, and remembers by identity.

    Parameters
    ----------
    properties
        Of the `AWS::ApiGatewayV2::Authorizer`.
    invoke
        Calls the authorizer's function with an event.
    """

    def __init__(
        self, properties: dict[str, Any], invoke: Callable[[bytes], InvocationResult]
    ) -> None:
        self._sources: list[str] = properties.get("IdentitySource", [])
        default = _DEFAULT_TTL_SECONDS if self._sources else 0
        self._ttl = float(properties.get("AuthorizerResultTtlInSeconds", default))
        self._invoke = invoke
        self._cache: dict[tuple[str, ...], tuple[float, dict[str, Any] | None]] = {}
        self._lock = threading.Lock()

    def authorize(self, event: dict[str, Any], route_arn: str) -> dict[str, Any]:
        """Return the authorizer's context for an admitted request.

        Raises
        ------
        UnauthorizedError, ForbiddenError, AuthorizerFailedError
            As their names say.
        """
        identity = tuple(_read_identity(source, event) for source in self._sources)
        if not all(identity):
            raise UnauthorizedError
        context = self._cached(identity)
        if context is _UNKNOWN:
            context = self._ask(event, route_arn, identity)
            with self._lock:
                self._cache[identity] = (time.monotonic() + self._ttl, context)
        if context is None:
            raise ForbiddenError
        return context

    def _cached(self, identity: tuple[str, ...]) -> dict[str, Any] | None:
        with self._lock:
            expires, context = self._cache.get(identity, (0.0, _UNKNOWN))
        fresh = self._ttl > 0 and time.monotonic() < expires
        return context if fresh else _UNKNOWN

    def _ask(
        self, event: dict[str, Any], route_arn: str, identity: tuple[str, ...]
    ) -> dict[str, Any] | None:
        """Return the context, or None for a denial."""
        question = {key: value for key, value in event.items() if key != "body"}
        question |= {
            "type": "REQUEST",
            "routeArn": route_arn,
            "identitySource": list(identity),
        }
        question.pop("isBase64Encoded", None)
        result = self._invoke(json.dumps(question).encode())
        if result.error_type:
            raise AuthorizerFailedError(result.error_type)
        answer = json.loads(result.payload or b"null")
        if not isinstance(answer, dict):
            raise AuthorizerFailedError("The authorizer returned no object")
        return answer.get("context") or {} if _admits(answer) else None


_UNKNOWN: dict[str, Any] = {"unknown": object()}
"""Marks an identity that is not in the cache: neither admitted nor denied."""


def _admits(answer: dict[str, Any]) -> bool:
    if "isAuthorized" in answer:
        return answer["isAuthorized"] is True
    statements = answer.get("policyDocument", {}).get("Statement", [])
    effects = {statement.get("Effect") for statement in statements}
    return effects == {"Allow"}


def _read_identity(source: str, event: dict[str, Any]) -> str:
    """Evaluate `$request.header.x`, `$request.querystring.x`, `$context.x`, `$stageVariables.x`."""
    words = source.removeprefix("$").split(".")
    if words[:2] == ["request", "header"]:
        return str(event["headers"].get(words[2].lower(), ""))
    if words[:2] == ["request", "querystring"]:
        return str(event.get("queryStringParameters", {}).get(words[2], ""))
    if words[0] == "stageVariables":
        return str(event.get("stageVariables", {}).get(words[1], ""))
    value: Any = event["requestContext"]
    for word in words[1:]:
        value = value.get(word, "") if isinstance(value, dict) else ""
    return str(value)
