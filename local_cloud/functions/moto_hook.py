"""Puts the function service behind moto's Lambda, whoever invokes through it."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.core.exceptions import JsonRESTError

from local_cloud.functions.invocation import PayloadTooLargeError
from local_cloud.functions.pool import ThrottledError
from local_cloud.functions.service import FunctionService
from local_cloud.patching import replace

_TAIL_BYTES = 4096


class _TooManyRequestsError(JsonRESTError):
    code = 429

    def __init__(self, reason: str) -> None:
        super().__init__("TooManyRequestsException", "Rate Exceeded.")
        self.description = json.dumps(
            {"Reason": reason, "Type": "User", "message": "Rate Exceeded."}
        )


class _RequestTooLargeError(JsonRESTError):
    code = 413

    def __init__(self, message: str) -> None:
        super().__init__("RequestTooLargeException", message)


def install(service: FunctionService) -> None:
    """Replace moto's invocation, which wants Docker or answers a constant.

    Services inside moto (SNS, S3 notifications) invoke without headers; on AWS they do so
    asynchronously.
    """

    def invoke(
        function: Any,
        body: str | bytes,
        request_headers: Mapping[str, str],
        response_headers: dict[str, str],
    ) -> bytes:
        payload = (body.encode() if isinstance(body, str) else body) or b"{}"
        headers = {key.lower(): value for key, value in request_headers.items()}
        default = "RequestResponse" if headers else "Event"
        kind = headers.get("x-amz-invocation-type", default)
        if kind == "DryRun":
            return b""
        try:
            if kind == "Event":
                response_headers["x-amzn-RequestId"] = service.invoke_event(function, payload)
                return b""
            tail = headers.get("x-amz-log-type") == "Tail"
            return _answer(service, function, payload, response_headers, tail=tail)
        except ThrottledError as error:
            raise _TooManyRequestsError(error.reason) from error
        except PayloadTooLargeError as error:
            raise _RequestTooLargeError(str(error)) from error

    replace(LambdaFunction, "invoke", invoke)


def _answer(
    service: FunctionService,
    function: Any,
    payload: bytes,
    response_headers: dict[str, str],
    *,
    tail: bool,
) -> bytes:
    result = service.invoke(function, payload, tail=tail)
    response_headers["x-amzn-RequestId"] = result.request_id
    response_headers["X-Amz-Executed-Version"] = str(function.version)
    if result.error_type:
        response_headers["x-amz-function-error"] = "Unhandled"
    if tail:
        text = "\n".join(result.log_lines).encode()
        response_headers["x-amz-log-result"] = base64.b64encode(text[-_TAIL_BYTES:]).decode()
    return result.payload or b"null"
