"""The front of a load balancer or a cache: one loopback port, passed on byte by byte."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable

from local_cloud.workloads.ports import LOOPBACK

_CHUNK = 65_536
# On one machine; nor does `close` wait longer for a caller who never begins.
_HANDSHAKE_SECONDS = 10.0
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
        self._stopping = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(
            target=self._run, name=f"forwarder-{self.port}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening and drop the connections."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._loop.close()

    async def _listen(self) -> None:
        server = await asyncio.start_server(
            self._serve,
            sock=self._socket,
            ssl=self._tls,
            ssl_handshake_timeout=_HANDSHAKE_SECONDS if self._tls else None,
        )
        await self._stopping.wait()
        # Not closed yet: asyncio forgets callers whom it is just accepting from a closed server.
        self._loop.remove_reader(self._socket)
        for writer in self._open:
            writer.transport.abort()
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(tasks)
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._closing(writer):
            port = self._find_target()
            try:
                if port is None:
                    raise ConnectionRefusedError
                upstream_reader, upstream_writer = await asyncio.open_connection(LOOPBACK, port)
            except OSError:
                await _refuse(reader, writer)
                return
            async with self._closing(upstream_writer):
                # The first side that breaks ends both: the other would wait for ever.
                copies = [
                    asyncio.ensure_future(_copy(reader, upstream_writer)),
                    asyncio.ensure_future(_copy(upstream_reader, writer)),
                ]
                _, waiting = await asyncio.wait(copies, return_when=asyncio.FIRST_EXCEPTION)
                for copy in waiting:
                    copy.cancel()
                await asyncio.gather(*copies, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def _closing(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        """Close a connection at the end and wait until it is; `close` drops it meanwhile."""
        self._open.add(writer)
        if self._stopping.is_set():
            writer.transport.abort()
        try:
            yield
        finally:
            writer.close()
            # How it ended is its two sides' affair.
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            self._open.discard(writer)


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        # The request is read first: closing on unread data would reset the connection.
        await reader.read(_CHUNK)
        writer.write(_UNAVAILABLE)
        await writer.drain()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
