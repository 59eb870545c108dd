"""Ports of this machine for what a template places on hosts of their own."""

import contextlib
import socket

import psutil

from local_cloud.sessions import session_members

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """Return a loopback port where nothing listens.

    It is not reserved: whoever starts a server on it must expect that another program was faster
    (see `listens`).
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, 0))
        bound: int = probe.getsockname()[1]
        return bound


def listens(leader: int, port: int) -> bool:
    """Tell whether the listener on `port` belongs to the child `leader` or what it started."""
    for member in session_members(leader):
        with contextlib.suppress(psutil.Error):
            for connection in member.net_connections("tcp"):
                if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
                    return True
    return False
