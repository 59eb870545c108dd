"""A request and a response of an HTTP API, independent of the server that carries them."""

import dataclasses
import json


@dataclasses.dataclass(frozen=True)
class Request:
    """One HTTP request.

    Attributes
    ----------
    path
        As sent, without the query string.
    query
        The raw query string, "" when there is none.
    headers
        Lower-case names; repeated headers are joined by commas, as API Gateway does.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    source_ip: str
    protocol: str = "HTTP/1.1"


@dataclasses.dataclass(frozen=True)
class Response:
    """One HTTP response; `headers` may repeat names (`set-cookie`)."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def message_response(status: int, message: str) -> Response:
    """Return an error as API Gateway words it."""
    body = json.dumps({"message": message}).encode()
    return Response(status, [("content-type", "application/json")], body)
