"""Payload format 2.0: a request as a Lambda event, and a function's answer as a response.

References
----------
.. [1] API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs".
"""

import base64
import json
import time
import uuid
from typing import Any
from urllib.parse import parse_qsl

from local_cloud.http_api.messages import Request, Response, message_response
from local_cloud.http_api.routing import Route

_TEXT_TYPES = ("application/json", "application/javascript", "application/xml", "text/")


def build_event(
    request: Request,
    route: Route,
    parameters: dict[str, str],
    context: dict[str, Any],
    stage_variables: dict[str, str],
) -> dict[str, Any]:
    """Return the event of a request.

    Parameters
    ----------
    context
        What is the same for all requests of a stage: `accountId`, `apiId`, `stage`, domain names.
    """
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": {key: value for key, value in request.headers.items() if key != "cookie"},
        "requestContext": {**context, **_request_context(request, route)},
        "isBase64Encoded": False,
    }
    if cookies := request.headers.get("cookie"):
        event["cookies"] = [cookie.strip() for cookie in cookies.split(";")]
    if request.query:
        event["queryStringParameters"] = _query_parameters(request.query)
    if parameters:
        event["pathParameters"] = parameters
    if stage_variables:
        event["stageVariables"] = stage_variables
    if request.body:
        event["body"], event["isBase64Encoded"] = _encode_body(request)
    return event


def read_response(payload: bytes) -> Response:
    """Turn a function's answer into a response; a malformed one is a 500, as on AWS."""
    answer = json.loads(payload or b"null")
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return Response(200, [("content-type", "application/json")], json.dumps(answer).encode())
    body = answer.get("body") or ""
    try:
        content = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
        headers = [(str(key), str(value)) for key, value in (answer.get("headers") or {}).items()]
        status = int(answer["statusCode"])
    except (AttributeError, TypeError, ValueError):
        return message_response(500, "Internal Server Error")
    cookies = [("set-cookie", str(cookie)) for cookie in answer.get("cookies") or []]
    if not any(key.lower() == "content-type" for key, _ in headers):
        headers.append(("content-type", "text/plain;charset=UTF-8"))
    return Response(status, [*headers, *cookies], content)


def _request_context(request: Request, route: Route) -> dict[str, Any]:
    now = time.time()
    return {
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.headers.get("user-agent", ""),
        },
        "requestId": uuid.uuid4().hex[:16],
        "routeKey": route.key,
        "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "timeEpoch": int(now * 1000),
    }


def _query_parameters(query: str) -> dict[str, str]:
    """Join repeated parameters by commas, as the payload format does."""
    parameters: dict[str, str] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        parameters[key] = f"{parameters[key]},{value}" if key in parameters else value
    return parameters


def _encode_body(request: Request) -> tuple[str, bool]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith(_TEXT_TYPES) or kind.endswith(("+json", "+xml")):
        try:
            return request.body.decode(), False
        except UnicodeDecodeError:
            # A text type that lies is passed on as binary, unharmed.
            pass
    return base64.b64encode(request.body).decode(), True
