"""A mail server and a Slack webhook on loopback, which keep what they are sent."""

import email
import email.policy
import json
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar, cast

Server = TypeVar("Server", bound=socketserver.TCPServer)


class MailSink(socketserver.ThreadingTCPServer):
    """As much of SMTP as a submission takes.

    Parameters
    ----------
    tls
        Offers STARTTLS with this context.
    is_down
        Keeps its port but refuses connections, until `running`.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, tls: ssl.SSLContext | None = None, *, is_down: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _MailSession, bind_and_activate=not is_down)
        if is_down:
            self.server_bind()
        self.tls = tls
        self.fails = False
        self.refused_recipients: set[str] = set()
        self.messages: list[EmailMessage] = []
        # The moments (`time.monotonic`) at which they came.
        self.arrivals: list[float] = []
        # What came in clear, and what came encrypted.
        self.commands: list[tuple[bool, str]] = []

    @property
    def port(self) -> int:
        """Where it listens, on loopback."""
        return int(self.server_address[1])


class _MailSession(socketserver.StreamRequestHandler):
    server: MailSink
    encrypted = False

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline().decode().strip():
            self.server.commands.append((self.encrypted, line))
            verb = line.partition(" ")[0].upper()
            if verb == "STARTTLS":
                self._start_tls()
            elif verb == "DATA":
                self._say("354 go on")
                self._take_message()
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say(self._answer(verb, line))

    def finish(self) -> None:
        super().finish()
        # The server closes the connection that it accepted; encryption took it over.
        self.connection.close()

    def _answer(self, verb: str, line: str) -> str:
        if verb == "EHLO":
            offers = "STARTTLS" if self.server.tls and not self.encrypted else "AUTH PLAIN"
            return f"250-sink\r\n250 {offers}"
        if verb == "MAIL" and self.server.fails:
            return "451 come again, oncall@example.com"
        if verb == "RCPT" and any(each in line for each in self.server.refused_recipients):
            return "550 nobody of that name"
        return "235 welcome" if verb == "AUTH" else "250 ok"

    def _start_tls(self) -> None:
        if self.server.tls is None:
            self._say("502 there is no encryption here")
            return
        self._say("220 go on")
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.encrypted = True
        self.connection = self.request
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

    def _take_message(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.arrivals.append(time.monotonic())
        self.server.messages.append(message)
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class SlackSink(ThreadingHTTPServer):
    """A webhook that answers as told, one answer a request, then 200."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Webhook)
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.requests: list[dict[str, Any]] = []
        self.texts: list[str] = []
        # The moments (`time.monotonic`) at which they came.
        self.arrivals: list[float] = []

    @property
    def url(self) -> str:
        """The webhook's address."""
        return f"http://127.0.0.1:{self.server_address[1]}/services/T0/B0/very-private"


class _Webhook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        sink = cast("SlackSink", self.server)
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        sink.requests.append(body)
        status, headers = sink.answers.pop(0) if sink.answers else (HTTPStatus.OK, {})
        if status == HTTPStatus.OK:
            sink.arrivals.append(time.monotonic())
            sink.texts.append(body["text"])
        self.send_response(status)
        for name, value in {**headers, "content-length": "2"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Serve until the end of the block, whatever was down before."""
    server.server_activate()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
