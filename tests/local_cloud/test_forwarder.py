"""What passes connections on passes bytes on, and leaves nothing behind when it stops."""

import contextlib
import gc
import socket
import threading
from collections.abc import Iterator

import pytest

from local_cloud.workloads.forwarder import Forwarder
from local_cloud.workloads.ports import LOOPBACK

N_CALLERS = 32


def echo(connection: socket.socket) -> None:
    with connection, contextlib.suppress(ConnectionError):
        while data := connection.recv(1024):
            connection.sendall(data)


@pytest.fixture
def echo_port() -> Iterator[int]:
    """The port of a server that sends back what it gets."""
    threads: list[threading.Thread] = []
    with socket.create_server((LOOPBACK, 0)) as server:

        def serve() -> None:
            # Ends when the server is shut down.
            with contextlib.suppress(OSError):
                while True:
                    thread = threading.Thread(target=echo, args=server.accept()[:1])
                    threads.append(thread)
                    thread.start()

        accepting = threading.Thread(target=serve)
        accepting.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        accepting.join()
    for thread in threads:
        thread.join()


def test_bytes_go_there_and_back(echo_port: int) -> None:
    forwarder = Forwarder(lambda: echo_port)
    with socket.create_connection((LOOPBACK, forwarder.port)) as caller:
        caller.sendall(b"ping")

        assert caller.recv(1024) == b"ping"
    forwarder.close()


def test_without_a_target_callers_hear_that_the_service_is_unavailable() -> None:
    forwarder = Forwarder(lambda: None)
    with socket.create_connection((LOOPBACK, forwarder.port)) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\n\r\n")

        assert caller.recv(1024).startswith(b"HTTP/1.1 503 ")
    forwarder.close()


def test_callers_that_come_while_it_stops_are_dropped_like_the_others(echo_port: int) -> None:
    for _ in range(10):
        forwarder = Forwarder(lambda: echo_port)
        with contextlib.ExitStack() as open_ones:
            # Nobody waits for them to be accepted: some are, some are about to be.
            callers = [
                open_ones.enter_context(socket.create_connection((LOOPBACK, forwarder.port)))
                for _ in range(N_CALLERS)
            ]
            forwarder.close()

            for caller in callers:
                with contextlib.suppress(ConnectionResetError):
                    assert caller.recv(1024) == b""
    # Whatever was left open warns now, and a warning is an error.
    gc.collect()
