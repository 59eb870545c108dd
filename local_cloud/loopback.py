"""A threaded HTTP/1.1 server on a loopback port of its own, which closes without delay."""

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_NO_POLLING_SECONDS = 3600.0


class _ClosingError(Exception):
    """Leaves the accept loop."""


class LoopbackServer(ThreadingHTTPServer):
    """Serves from construction until `close`."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, handler: type[BaseHTTPRequestHandler], name: str) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """`127.0.0.1:<port>`."""
        return f"127.0.0.1:{self.server_address[1]}"

    def service_actions(self) -> None:
        """Leave the loop after the connection that `close` makes."""
        if self._closing:
            raise _ClosingError

    def close(self) -> None:
        """Stop accepting and free the port.

        The standard `shutdown` waits for the accept loop's next poll, up to half a second for each
        of many servers. This one does not poll: a connection wakes it.
        """
        self._closing = True
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.server_address[1]), timeout=1).close()
        self._thread.join()
        self.server_close()

    def _serve(self) -> None:
        with contextlib.suppress(_ClosingError):
            self.serve_forever(poll_interval=_NO_POLLING_SECONDS)


class LoopbackRequestHandler(BaseHTTPRequestHandler):
    """Keeps connections alive and answers with one undelayed write."""

    protocol_version = "HTTP/1.1"
    # Unbuffered writes and Nagle's algorithm cost 40 ms per answer.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None:
        """Keep the access log out of the terminal."""
