"""The Lambda Runtime API of one execution environment: four routes on a loopback port.

References
----------
.. [1] AWS Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
"""

import dataclasses
import queue
from typing import Literal

from local_cloud.loopback import LoopbackRequestHandler, LoopbackServer

Signal = Literal["ready", "response", "error", "init_error", "exited"]


@dataclasses.dataclass(frozen=True)
class Invocation:
    """One event on its way into an environment; `deadline` is in epoch seconds."""

    request_id: str
    payload: bytes
    deadline: float
    function_arn: str


@dataclasses.dataclass(frozen=True)
class Message:
    """What an environment says: that it is ready, or how an invocation ended."""

    signal: Signal
    payload: bytes = b""


class RuntimeApi:
    """Serves invocations to one process and collects its answers in `messages`."""

    def __init__(self) -> None:
        self.messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._invocations: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self._asked = False
        self._server = _Server(self)

    @property
    def address(self) -> str:
        """The value of `AWS_LAMBDA_RUNTIME_API`."""
        return self._server.address

    def send(self, invocation: Invocation) -> None:
        """Let the environment's next poll return `invocation`."""
        self._invocations.put(invocation)

    def next_invocation(self) -> Invocation | None:
        """Block until there is an event; the first call says that initialisation is over."""
        if not self._asked:
            self._asked = True
            self.messages.put(Message("ready"))
        return self._invocations.get()

    def close(self) -> None:
        """Release a waiting poll and the port."""
        self._invocations.put(None)
        self._server.close()


class _Server(LoopbackServer):
    def __init__(self, api: RuntimeApi) -> None:
        self.api = api
        super().__init__(_RequestHandler, "runtime-api")


class _RequestHandler(LoopbackRequestHandler):
    server: _Server

    def do_GET(self) -> None:  # noqa: N802 (the base's name)
        invocation = self.server.api.next_invocation()
        if invocation is None:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", invocation.request_id)
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int(invocation.deadline * 1000)))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", invocation.function_arn)
        self.send_header("Content-Type", "application/json")
        self._finish(invocation.payload)

    def do_POST(self) -> None:  # noqa: N802 (the base's name)
        body = self._read_body()
        if self.path.endswith("/init/error"):
            self.server.api.messages.put(Message("init_error", body))
        elif self.path.endswith("/error"):
            self.server.api.messages.put(Message("error", body))
        else:
            self.server.api.messages.put(Message("response", body))
        self.send_response(202)
        self._finish(b"")

    def _finish(self, body: bytes) -> None:
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().strip() or b"0", 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)
