"""Load from one process: clients that each ask again as soon as they are answered."""

import itertools
import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

_END_OF_HEAD: Final = b"\r\n\r\n"
_OK: Final = re.compile(rb"HTTP/1\.[01] 200 ")
_CONTENT_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_CHUNK: Final = 1 << 16
_PATIENCE_SECONDS: Final = 30.0


class ConnectionBrokenError(Exception):
    """A server closed a connection, or did not answer, or not in a form that is read here."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """What came of a round.

    Parameters
    ----------
    seconds
        From the first request to the last answer.
    latencies_ms
        Of each answer, from its request's first byte to its own last one.
    errors
        How many of the answers had another status than 200.
    busy
        Share of the time for which the sending thread computed: near 1 it measures itself.
    """

    seconds: float
    latencies_ms: list[float]
    errors: int
    busy: float

    @property
    def requests_per_second(self) -> float:
        """Answers per second."""
        return len(self.latencies_ms) / self.seconds


def http_request(address: tuple[str, int], path: str, body: bytes) -> bytes:
    """Return a POST of JSON over a connection that stays open."""
    host, port = address
    head = (
        f"POST {path} HTTP/1.1\r\nhost: {host}:{port}\r\naccept: application/json\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def ask(address: tuple[str, int], request: bytes) -> tuple[bool, bytes]:
    """Ask once; return whether the status is 200, and the answer's body.

    Raises
    ------
    OSError, ConnectionBrokenError
        There is no answer.
    """
    client = _Client(
        socket.create_connection(address, _PATIENCE_SECONDS), itertools.repeat(request)
    )
    with client.connection:
        client.send()
        while (answer := client.receive()) is None:
            pass
    return answer


def run_load(
    address: tuple[str, int], requests: Sequence[bytes], n_clients: int, seconds: float
) -> Load:
    """Let `n_clients` ask for `seconds`, each over its own connection.

    Parameters
    ----------
    address
        Host and port.
    requests
        Each client sends them in turn and begins at another one.
    n_clients, seconds
        How many, and for how long new requests are sent.

    Raises
    ------
    OSError, ConnectionBrokenError
        The server does not answer everybody.
    """
    with selectors.DefaultSelector() as selector:
        for number in range(n_clients):
            start = number * len(requests) // n_clients
            own = itertools.cycle([*requests[start:], *requests[:start]])
            client = _Client(socket.create_connection(address, _PATIENCE_SECONDS), own)
            selector.register(client.connection, selectors.EVENT_READ, client)
        try:
            return _drive(selector, seconds)
        finally:
            for key in list(selector.get_map().values()):
                key.data.connection.close()


@dataclass(slots=True)
class _Client:
    """One connection with at most one request under way."""

    connection: socket.socket
    requests: Iterator[bytes]
    sent_at: float = 0.0
    received: bytes = field(default=b"")

    def __post_init__(self) -> None:
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        """Send the next request; it is small enough for the socket's buffer."""
        self.received = b""
        self.sent_at = time.perf_counter()
        self.connection.sendall(next(self.requests))

    def receive(self) -> tuple[bool, bytes] | None:
        """Read what has come; return whether it is a success, and its body, once it is whole."""
        chunk = self.connection.recv(_CHUNK)
        if not chunk:
            raise ConnectionBrokenError(f"The connection was closed after {self.received[:500]!r}.")
        self.received += chunk
        end = self.received.find(_END_OF_HEAD)
        if end < 0:
            return None
        length = _CONTENT_LENGTH.search(self.received, 0, end + 2)
        if length is None:
            raise ConnectionBrokenError(f"No content-length in {self.received[:end]!r}.")
        body = self.received[end + len(_END_OF_HEAD) :]
        if len(body) < int(length[1]):
            return None
        return _OK.match(self.received) is not None, body


def _drive(selector: selectors.BaseSelector, seconds: float) -> Load:
    """Send, and answer each answer with the next request, until the time is over."""
    latencies: list[float] = []
    errors = 0
    busy = time.thread_time()
    started = now = time.perf_counter()
    for key in selector.get_map().values():
        key.data.send()
    under_way = len(selector.get_map())
    while under_way:
        ready = selector.select(_PATIENCE_SECONDS)
        if not ready:
            raise ConnectionBrokenError(f"No answer within {_PATIENCE_SECONDS:g} s.")
        for key, _ in ready:
            client: _Client = key.data
            answer = client.receive()
            if answer is None:
                continue
            now = time.perf_counter()
            latencies.append((now - client.sent_at) * 1e3)
            errors += not answer[0]
            if now - started < seconds:
                client.send()
            else:
                under_way -= 1
    return Load(
        seconds=now - started,
        latencies_ms=latencies,
        errors=errors,
        busy=(time.thread_time() - busy) / (now - started),
    )
