"""What a running cloud leaves on disk: a lock, `cloud.json` for its users, a list of children."""

import contextlib
import fcntl
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from local_cloud.sessions import is_alive

_END_POLL_SECONDS = 0.05


class CloudAlreadyRunningError(Exception):
    """Another process serves a cloud from this state directory."""


def write_atomically(path: Path, text: str) -> None:
    """Write `text` so that readers see the old content or all of the new."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text)
    temporary.replace(path)


class CloudState:
    """The state directory of one cloud.

    A cloud holds an exclusive lock on the directory while it lives. The kernel drops the lock
    with the process, so a stale `cloud.json` is recognised whatever killed its writer.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._lock_descriptor: int | None = None

    @property
    def cloud_file(self) -> Path:
        """`cloud.json`, present exactly while a cloud is ready."""
        return self.directory / "cloud.json"

    @property
    def ledger(self) -> Path:
        """The list of running children."""
        return self.directory / "processes.json"

    @property
    def _lock_file(self) -> Path:
        """What is locked; it holds the pid of the cloud that lives or starts here."""
        return self.directory / "lock"

    def acquire(self) -> None:
        """Take the lock, sign it with the own pid and remove a dead cloud's file.

        Raises
        ------
        CloudAlreadyRunningError
            When a cloud is alive here.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise CloudAlreadyRunningError(
                f"A local cloud already runs from {self.directory}. "
                "End it with `python -m local_cloud down`, or choose another --state."
            ) from None
        self._lock_descriptor = descriptor
        # Whoever ends this cloud needs its pid, also before there is a `cloud.json`.
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self.cloud_file.unlink(missing_ok=True)

    def publish(self, facts: dict[str, Any]) -> None:
        """Write `cloud.json`: the cloud is ready."""
        write_atomically(self.cloud_file, json.dumps(facts, indent=2))

    def release(self) -> None:
        """Remove `cloud.json` and drop the lock."""
        self.cloud_file.unlink(missing_ok=True)
        if self._lock_descriptor is not None:
            os.close(self._lock_descriptor)
            self._lock_descriptor = None

    def take_over(self, timeout_seconds: float = 30.0) -> int | None:
        """End the cloud that runs or starts here; return its pid, None when there was none.

        The lock is the caller's afterwards, as after `acquire`.

        Raises
        ------
        CloudAlreadyRunningError
            When it does not even end when it is killed.
        """
        if self._acquire_until(0.0):
            return None
        pid = self._owner(timeout_seconds)
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if self._acquire_until(timeout_seconds):
                return pid
        raise CloudAlreadyRunningError(
            f"The local cloud of {self.directory} (process {pid}) does not end. "
            "Look at what keeps it, then try again."
        )

    def _owner(self, timeout_seconds: float) -> int:
        """Return the pid in the lock file; it is written right after the lock is taken."""
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            text = self._lock_file.read_text()
            # The last owner's pid may still stand there: the lock's owner is alive.
            if text and is_alive(int(text)):
                return int(text)
            time.sleep(_END_POLL_SECONDS)
        raise CloudAlreadyRunningError(
            f"{self._lock_file} is locked, but does not name the process that holds it. "
            "Find it with `fuser` or `lsof`, and end it."
        )

    def _acquire_until(self, timeout_seconds: float) -> bool:
        deadline = time.monotonic() + timeout_seconds
        while True:
            try:
                self.acquire()
            except CloudAlreadyRunningError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(_END_POLL_SECONDS)
            else:
                return True
