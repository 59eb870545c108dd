"""Ports of this machine for what a template places on hosts of their own."""

import contextlib
import socket

LOOPBACK = "127.0.0.1"


def free_port(preferred: int | None = None) -> int:
    """Return `preferred` if nothing listens there, else any free loopback port."""
    if preferred is not None:
        with contextlib.suppress(OSError):
            return _bind(preferred)
    return _bind(0)


def _bind(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, port))
        bound: int = probe.getsockname()[1]
        return bound
