"""The decision of the HTTP API's authorizer."""

import functools
from collections.abc import Mapping
from typing import Any

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import AuthorizeRequestSettings
from mlops_platform.observability.logging import logger
from mlops_platform.security.api_keys import find_api_key
from mlops_platform.security.route_scopes import required_scope

API_KEY_HEADER = "x-api-key"
_DENIED: dict[str, Any] = {"isAuthorized": False, "context": {}}


@functools.cache
def settings() -> AuthorizeRequestSettings:
    """Return the function's settings, read once per execution environment."""
    return AuthorizeRequestSettings.from_environment()


def authorize(event: Mapping[str, Any]) -> dict[str, Any]:
    """Answer an authorizer request of payload 2.0 with a simple response.

    API Gateway caches the answer by its identity sources. They must be the key *and*
    ``$context.routeKey``: else the answer for one route would open the others.
    """
    http = event["requestContext"]["http"]
    # Header names arrive in lower case in payload 2.0.
    key = (event.get("headers") or {}).get(API_KEY_HEADER, "")
    known = find_api_key(client("dynamodb"), settings().api_key_table, key)
    scope = required_scope(http["method"], http["path"])
    if known is None or scope not in known.scopes:
        logger.info(
            "request denied",
            extra={"key_name": known.name if known else None, "needed_scope": scope},
        )
        return _DENIED
    context = {"key_name": known.name, "scopes": ",".join(sorted(known.scopes))}
    return {"isAuthorized": True, "context": context}
