"""Decide who may call which route of the HTTP API."""

from typing import Any

from mlops_platform.security.authorizer import authorize


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answer an HTTP API's authorizer request (payload 2.0, simple response)."""
    return authorize(event)
