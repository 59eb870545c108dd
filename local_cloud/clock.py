"""The cloud's clock: real time plus an offset that people and tests may move."""

import datetime as dt
import threading


class Clock:
    """A clock that runs at real speed from wherever it is set.

    Only schedules follow it. Timestamps of logs, tables and executions stay real, because other
    processes could not know the offset.
    """

    def __init__(self) -> None:
        self._offset = dt.timedelta()
        self._lock = threading.Lock()

    def now(self) -> dt.datetime:
        """Return the cloud's time, in UTC."""
        with self._lock:
            return dt.datetime.now(dt.UTC) + self._offset

    def set(self, instant: dt.datetime) -> None:
        """Let it be `instant` (with a time zone) now."""
        with self._lock:
            self._offset = instant.astimezone(dt.UTC) - dt.datetime.now(dt.UTC)


def parse_instant(text: str) -> dt.datetime:
    """Return the instant that an ISO 8601 text names; without a zone it is UTC.

    Raises
    ------
    ValueError
        When it is no such text.

    >>> parse_instant("2026-03-01T00:00:00Z").isoformat()
    '2026-03-01T00:00:00+00:00'
    """
    instant = dt.datetime.fromisoformat(text)
    return instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant.astimezone(dt.UTC)


def format_instant(instant: dt.datetime) -> str:
    """Return an instant as EventBridge writes it: whole seconds, UTC, `Z`."""
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
