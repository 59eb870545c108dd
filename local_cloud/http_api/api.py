"""One HTTP API: from a request to a response, through throttle, authorizer and function."""

import concurrent.futures
import json
import re
from typing import Any

from local_cloud.functions.invocation import InvocationResult, PayloadTooLargeError
from local_cloud.functions.pool import ThrottledError
from local_cloud.functions.service import FunctionService
from local_cloud.http_api.authorizer import (
    AuthorizerFailedError,
    ForbiddenError,
    LambdaAuthorizer,
    UnauthorizedError,
)
from local_cloud.http_api.cors import Cors
from local_cloud.http_api.messages import Request, Response, message_response
from local_cloud.http_api.payload import build_event, read_response
from local_cloud.http_api.proxy import Proxy
from local_cloud.http_api.routing import Route, RouteTable
from local_cloud.http_api.throttle import Throttle

MAX_BODY_BYTES = 10 * 1024 * 1024
"""API Gateway's limit for a request body."""

_MAX_INTEGRATION_SECONDS = 30.0
_FUNCTION_ARN = re.compile(r"(arn:[^:]+:lambda:[^/]+?)(?:/invocations)?$")


class UnsupportedApiFeatureError(Exception):
    """An API uses something that its front here does not imitate."""


class HttpApi:
    """Routes, integrations, authorizers and stages, filled while the stack is created."""

    def __init__(
        self,
        api_id: str,
        properties: dict[str, Any],
        service: FunctionService,
        proxy: Proxy,
        account_id: str,
        region: str,
    ) -> None:
        self._service = service
        self._proxy = proxy
        self._arn = f"arn:aws:execute-api:{region}:{account_id}:{api_id}"
        self._context = {"accountId": account_id, "apiId": api_id, "domainPrefix": api_id}
        self._cors = Cors(properties.get("CorsConfiguration", {}))
        self._routes = RouteTable()
        self._integrations: dict[str, dict[str, Any]] = {}
        self._authorizers: dict[str, LambdaAuthorizer] = {}
        self._stages: dict[str, tuple[Throttle, dict[str, str]]] = {}
        self._slow = concurrent.futures.ThreadPoolExecutor(64, "integration")

    def record(self, kind: str, physical_id: str, properties: dict[str, Any]) -> None:
        """Take over a part of the API from its template.

        Raises
        ------
        UnsupportedApiFeatureError
            For what the front cannot imitate: better at deployment than at the first request.
        """
        if kind == "Stage":
            variables = properties.get("StageVariables", {})
            self._stages[physical_id] = (Throttle(properties), variables)
        elif kind == "Integration":
            if properties["IntegrationType"] == "HTTP_PROXY":
                # Anything else would be called over the internet.
                _require(properties, "ConnectionType", "VPC_LINK")
            else:
                _require(properties, "IntegrationType", "AWS_PROXY")
                _require(properties, "PayloadFormatVersion", "2.0")
            self._integrations[physical_id] = properties
        elif kind == "Authorizer":
            _require(properties, "AuthorizerType", "REQUEST")
            arn = _function_arn(properties["AuthorizerUri"])
            self._authorizers[physical_id] = LambdaAuthorizer(
                properties, lambda payload: self._service.invoke(self._service.find(arn), payload)
            )
        elif properties.get("AuthorizationType", "NONE") not in {"NONE", "CUSTOM"}:
            raise UnsupportedApiFeatureError(
                f"Route {properties['RouteKey']}: {properties['AuthorizationType']} authorization "
                "is not imitated here; use a Lambda authorizer."
            )
        else:
            self._routes.add(Route(properties["RouteKey"], properties))

    def answer(self, request: Request) -> Response:
        """Answer one request, never raising."""
        if len(request.body) > MAX_BODY_BYTES:
            return message_response(413, "Request Entity Too Large")
        if preflight := self._cors.answer_preflight(request):
            return preflight
        response = self._dispatch(request)
        return Response(
            response.status, [*response.headers, *self._cors.headers(request)], response.body
        )

    def close(self) -> None:
        """Stop waiting for slow integrations."""
        self._slow.shutdown(wait=False, cancel_futures=True)
        self._proxy.close()

    def _dispatch(self, request: Request) -> Response:
        stage, path = self._select_stage(request.path)
        found = self._routes.find(request.method, path) if stage else None
        if stage is None or found is None:
            return message_response(404, "Not Found")
        route, parameters = found
        throttle, variables = self._stages[stage]
        if not throttle.admits(route.key):
            return message_response(429, "Too Many Requests")
        domain = request.headers.get("host", "127.0.0.1")
        context = {**self._context, "stage": stage, "domainName": domain}
        event = build_event(request, route, parameters, context, variables)
        try:
            self._authorize(route, event)
        except UnauthorizedError:
            return message_response(401, "Unauthorized")
        except ForbiddenError:
            return message_response(403, "Forbidden")
        except AuthorizerFailedError:
            return message_response(500, "Internal Server Error")
        return self._integrate(route, request, event)

    def _select_stage(self, path: str) -> tuple[str | None, str]:
        """Return the stage and the path below it; `$default` has no prefix."""
        name, _, rest = path.lstrip("/").partition("/")
        if name in self._stages:
            return name, f"/{rest}"
        return ("$default" if "$default" in self._stages else None), path

    def _authorize(self, route: Route, event: dict[str, Any]) -> None:
        authorizer_id = route.properties.get("AuthorizerId")
        if not authorizer_id or route.properties.get("AuthorizationType") != "CUSTOM":
            return
        stage, path = event["requestContext"]["stage"], event["rawPath"]
        route_arn = f"{self._arn}/{stage}/{event['requestContext']['http']['method']}{path}"
        try:
            context = self._authorizers[authorizer_id].authorize(event, route_arn)
        except ThrottledError as error:
            raise AuthorizerFailedError("throttled") from error
        event["requestContext"]["authorizer"] = {"lambda": context}

    def _integrate(self, route: Route, request: Request, event: dict[str, Any]) -> Response:
        integration = self._integrations[route.properties["Target"].rpartition("/")[2]]
        uri = integration["IntegrationUri"]
        asked_seconds = int(integration.get("TimeoutInMillis", 30_000)) / 1000
        limit_seconds = min(asked_seconds, _MAX_INTEGRATION_SECONDS)
        if integration["IntegrationType"] == "HTTP_PROXY":
            return self._proxy.pass_on(uri, request, event["rawPath"], limit_seconds)
        return self._call(self._service.find(_function_arn(uri)), event, limit_seconds)

    def _call(self, function: Any, event: dict[str, Any], limit_seconds: float) -> Response:
        try:
            result = self._invoke(function, json.dumps(event).encode(), limit_seconds)
        except PayloadTooLargeError:
            return message_response(413, "Request Entity Too Large")
        except (ThrottledError, TimeoutError):
            return message_response(503, "Service Unavailable")
        if result.error_type:
            return message_response(500, "Internal Server Error")
        return read_response(result.payload)

    def _invoke(self, function: Any, payload: bytes, limit_seconds: float) -> InvocationResult:
        """Wait for a function no longer than the integration's limit."""
        if int(function.timeout) < limit_seconds:
            # The function's own limit comes first, so nobody need watch the clock here.
            return self._service.invoke(function, payload)
        return self._slow.submit(self._service.invoke, function, payload).result(limit_seconds)


def _function_arn(uri: str) -> str:
    """Return the function's ARN out of an integration or authorizer URI."""
    match = _FUNCTION_ARN.search(uri.rpartition("functions/")[2])
    if match is None:
        raise UnsupportedApiFeatureError(f"{uri} is not a Lambda function")
    return match[1]


def _require(properties: dict[str, Any], key: str, value: str) -> None:
    if properties.get(key, value) != value:
        raise UnsupportedApiFeatureError(
            f"HTTP APIs here know {key} {value} only, not {properties[key]}."
        )
