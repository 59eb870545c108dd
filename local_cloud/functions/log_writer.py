"""Writes invocations' log lines to CloudWatch (moto), off the path of the answer."""

import logging
import queue
import threading
import time
from collections.abc import Sequence
from typing import Any

from moto.logs.models import logs_backends

from local_cloud.functions.configuration import FunctionConfiguration
from local_cloud.functions.log_lines import invocation_lines, peak_memory_mb
from local_cloud.functions.worker import Outcome

logger = logging.getLogger(__name__)

LogEvent = dict[str, Any]
"""`timestamp` in epoch milliseconds and `message`, as PutLogEvents takes them."""


class LogWriter:
    """A queue and one thread between invocations and log groups."""

    def __init__(self, account_id: str, region: str) -> None:
        self._backend = logs_backends[account_id][region]
        self._queue: queue.Queue[_Record | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._thread.start()

    def submit(
        self,
        configuration: FunctionConfiguration,
        stream: str,
        request_id: str,
        outcome: Outcome,
        pid: int,
    ) -> None:
        """Queue the lines of one invocation."""
        self._queue.put(_Record(configuration, stream, request_id, outcome, pid))

    def deliver_logs(self, log_group: str, stream: str, events: Sequence[LogEvent]) -> None:
        """Put events into a log stream, making group and stream where missing.

        Every log line of every function passes here, on the writer's thread; subscriptions hang on
        moto's log streams below.
        """
        self._backend.ensure_log_group(log_group)
        group = self._backend.groups[log_group]
        if stream not in group.streams:
            group.create_log_stream(stream)
        self._backend.put_log_events(log_group, stream, list(events))

    def flush(self) -> None:
        """Return when everything submitted so far is in its log group."""
        self._queue.join()

    def close(self) -> None:
        """Flush and end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (record := self._queue.get()) is not None:
            try:
                self._write(record)
            except Exception:
                # The thread serves all functions; one broken record must not silence them.
                logger.exception("Lost the log lines of %s", record.configuration.name)
            finally:
                self._queue.task_done()
        self._queue.task_done()

    def _write(self, record: "_Record") -> None:
        lines = invocation_lines(
            record.configuration, record.request_id, record.outcome, peak_memory_mb(record.pid)
        )
        events = [{"timestamp": record.timestamp_ms, "message": line} for line in lines]
        self.deliver_logs(record.configuration.log_group, record.stream, events)


class _Record:
    """One invocation whose lines are still to be written."""

    def __init__(
        self,
        configuration: FunctionConfiguration,
        stream: str,
        request_id: str,
        outcome: Outcome,
        pid: int,
    ) -> None:
        self.configuration = configuration
        self.stream = stream
        self.request_id = request_id
        self.outcome = outcome
        self.pid = pid
        self.timestamp_ms = int(time.time() * 1000)
