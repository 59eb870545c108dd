"""The one route that every prediction takes, answered before any framework looks at it."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mlops_platform.host.exchange import Exchange

_CONTENT_TYPE = b"content-type"


class HotRoute:
    """Answers ``POST /ml/{model}/predict`` by itself and hands everything else on.

    Parameters
    ----------
    exchange
        Answers.
    otherwise
        The application for all other routes and protocols.
    """

    def __init__(self, exchange: Exchange, *, otherwise: ASGIApp) -> None:
        self._exchange = exchange
        self._otherwise = otherwise
        self._path = f"/ml/{exchange.service.predictor.model_name}/predict"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope, as ASGI has it."""
        if scope["type"] != "http" or scope["path"] != self._path or scope["method"] != "POST":
            await self._otherwise(scope, receive, send)
            return
        body = await _read_body(receive)
        if body is None:
            return
        answered = self._exchange.answer("POST", self._path, _content_type(scope["headers"]), body)
        headers = [(name.encode(), value.encode()) for name, value in answered.headers.items()]
        headers.append((b"content-length", str(len(answered.body)).encode()))
        start: Message = {"type": "http.response.start", "status": answered.status}
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": answered.body})


async def _read_body(receive: Receive) -> bytes | None:
    """Return the whole body, or None when the caller has gone before its end."""
    message = await receive()
    parts = [message.get("body", b"")]
    while message["type"] == "http.request" and message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
    return b"".join(parts) if message["type"] == "http.request" else None


def _content_type(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    for name, value in headers:
        if name == _CONTENT_TYPE:
            return value.decode("latin-1")
    return None
