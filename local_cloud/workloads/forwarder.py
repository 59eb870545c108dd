"""The front of a load balancer or a cache: one loopback port, passed on byte by byte."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable

from local_cloud.workloads.ports import LOOPBACK

_CHUNK = 65_536
_UNAVAILABLE = (
    b"HTTP/1.1 503 Service Temporarily Unavailable\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


class Forwarder:
    """Passes connections on to a target that may change or be missing.

    Without a target that takes the connection it answers 503, as an application load balancer
    does.

    Parameters
    ----------
    find_target
        Returns the loopback port of a healthy target, or None.
    tls
        What it presents itself with where it ends TLS; None: it speaks as its target does.

    Attributes
    ----------
    port
        Where it listens.
    """

    def __init__(
        self, find_target: Callable[[], int | None], *, tls: ssl.SSLContext | None = None
    ) -> None:
        self._find_target = find_target
        self._tls = tls
        self._socket = socket.create_server((LOOPBACK, 0))
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._run, name=f"forwarder-{self.port}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening and drop the connections."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, sock=self._socket, ssl=self._tls)
        )
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Cancelled by `close` only; a cancelled callback would be logged as an error.
        with contextlib.suppress(asyncio.CancelledError):
            await self._pass_on(reader, writer)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = self._find_target()
        try:
            if port is None:
                raise ConnectionRefusedError
            upstream_reader, upstream_writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            await _refuse(reader, writer)
            return
        try:
            # The first side that breaks ends both: the other would wait for ever.
            copies = [
                asyncio.ensure_future(_copy(reader, upstream_writer)),
                asyncio.ensure_future(_copy(upstream_reader, writer)),
            ]
            _, waiting = await asyncio.wait(copies, return_when=asyncio.FIRST_EXCEPTION)
            for copy in waiting:
                copy.cancel()
            await asyncio.gather(*copies, return_exceptions=True)
        finally:
            upstream_writer.close()
            writer.close()


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        # The request is read first: closing on unread data would reset the connection.
        await reader.read(_CHUNK)
        writer.write(_UNAVAILABLE)
        await writer.drain()
    writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
