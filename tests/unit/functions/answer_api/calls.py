"""Calls of the handler as API Gateway makes them."""

import itertools
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from mlops_platform.registry.control_service import ControlService
from mlops_platform.registry.releases import Releases
from tests.unit.registry.manifests import asked

HANDLER = Path(__file__).parents[4] / "functions/answer_api/handler.py"
MODEL = "fraud_detection"
CONTEXT = SimpleNamespace(
    function_name="answer_api",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:answer_api",
    aws_request_id="request-7",
)

_request_ids = itertools.count(1)
Call = Callable[..., tuple[int, dict[str, Any]]]


def event(method: str, path: str, body: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "accountId": "123456789012",
            "stage": "$default",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "::1"},
            "requestId": f"id-{next(_request_ids)}",
            "authorizer": {"lambda": {"key_name": "ada", "scopes": "operate,read"}},
        },
        "isBase64Encoded": False,
        **({} if body is None else {"body": body}),
        **more,
    }


def release(service: ControlService, number: int) -> None:
    """Release a version without telling MLflow, as a release that dies after its entry does."""
    releases = Releases(service.ledger, MODEL)
    releases.release(releases.find(str(number)), asked(f"release {number}"))
