"""The local cloud's own HTTP interface: what AWS has no API for (clock, faults, processes)."""

import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from local_cloud.loopback import LoopbackRequestHandler, LoopbackServer

logger = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], Any]
"""Takes the request's JSON body ({} when there is none), returns what is answered as JSON."""


class AdminServer:
    """Answers registered routes with JSON on a loopback port of its own.

    A handler's `ValueError` becomes a 400 with its message, any other exception a 500.
    """

    def __init__(self) -> None:
        self._routes: dict[tuple[str, str], Handler] = {}
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """The base address, without a trailing slash."""
        return f"http://{self._server.address}"

    def route(self, method: str, path: str, handler: Handler) -> None:
        """Answer `method path` with `handler`; the last registration wins."""
        self._routes[method, path] = handler

    def stop(self) -> None:
        """Close the port."""
        self._server.close()

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """Return the status and the JSON document for one request."""
        handler = self._routes.get((method, path))
        if handler is None:
            known = sorted(f"{verb} {route}" for verb, route in self._routes)
            return 404, {"message": f"No route {method} {path}", "routes": known}
        try:
            return 200, handler(json.loads(body) if body else {})
        except ValueError as error:
            return 400, {"message": str(error)}
        except Exception as error:
            logger.exception("%s %s failed", method, path)
            return 500, {"message": f"{type(error).__name__}: {error}"}


class _Server(LoopbackServer):
    def __init__(self, admin: AdminServer) -> None:
        self.admin = admin
        super().__init__(_RequestHandler, "admin")


class _RequestHandler(LoopbackRequestHandler):
    server: _Server

    def do_GET(self) -> None:  # noqa: N802 (the base's name)
        length = int(self.headers.get("Content-Length") or 0)
        path = urlsplit(self.path).path
        status, document = self.server.admin.answer(self.command, path, self.rfile.read(length))
        payload = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_POST = do_GET  # noqa: N815 (the base's name)
