"""A process's output as a CloudWatch Logs stream, sent while the process runs."""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError

from local_cloud.clients import client

logger = logging.getLogger(__name__)

_FLUSH_SECONDS = 0.2
_MAX_BATCH = 1000
_MAX_EVENT_BYTES = 256_000

Line = tuple[int, str]


def ensure_stream(group: str, stream: str, region: str | None) -> None:
    """Create the log group and the stream where they do not exist."""
    logs = client("logs", region)
    exists = logs.exceptions.ResourceAlreadyExistsException
    with contextlib.suppress(exists):
        logs.create_log_group(logGroupName=group)
    with contextlib.suppress(exists):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)


class LogStream:
    """Carries lines of text into one log stream.

    Parameters
    ----------
    group, stream
        Log group and stream; made when they do not exist.
    on_line
        Called with every line as it is read, before it is sent.
    """

    def __init__(
        self,
        group: str,
        stream: str,
        region: str,
        on_line: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._group, self._stream, self._region = group, stream, region
        self._on_line = on_line
        self._lines: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        ensure_stream(group, stream, region)

    def follow(self, output: IO[bytes]) -> None:
        """Carry `output` line by line until its end and close it; return when all is sent."""
        sender = threading.Thread(target=self._send_all, name=f"logs-{self._stream}", daemon=True)
        sender.start()
        try:
            self._read(output)
        finally:
            self._lines.put(None)
            sender.join()

    def _read(self, output: IO[bytes]) -> None:
        with output:
            for raw in output:
                line = raw.decode(errors="replace").rstrip("\r\n")
                self._on_line(line)
                if line:
                    self._lines.put((time.time_ns() // 1_000_000, line[:_MAX_EVENT_BYTES]))

    def _send_all(self) -> None:
        ended = False
        while not ended:
            batch, ended = self._next_batch()
            if batch:
                self._send(batch)

    def _next_batch(self) -> tuple[list[Line], bool]:
        first = self._lines.get()
        batch: list[Line] = []
        deadline = time.monotonic() + _FLUSH_SECONDS
        line = first
        while line is not None and len(batch) < _MAX_BATCH:
            batch.append(line)
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                return batch, False
        if line is not None:
            batch.append(line)
        return batch, line is None

    def _send(self, batch: list[Line]) -> None:
        events: list[dict[str, Any]] = [
            {"timestamp": timestamp, "message": message} for timestamp, message in batch
        ]
        try:
            client("logs", self._region).put_log_events(
                logGroupName=self._group, logStreamName=self._stream, logEvents=events
            )
        except (BotoCoreError, ClientError):
            # A process may outlive its log group, or the cloud's own server at shutdown.
            logger.warning("%d lines of %s are lost", len(events), self._stream, exc_info=True)
