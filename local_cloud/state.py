"""What a running cloud leaves on disk: a lock, `cloud.json` for its users, a list of children."""

import contextlib
import fcntl
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

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

    def acquire(self) -> None:
        """Take the lock and remove a dead cloud's file.

        Raises
        ------
        CloudAlreadyRunningError
            When a cloud is alive here.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise CloudAlreadyRunningError(
                f"A local cloud already runs from {self.directory}. "
                "End it with `python -m local_cloud down`, or choose another --state."
            ) from None
        self._lock_descriptor = descriptor
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

    def end_running_cloud(self, timeout_seconds: float = 30.0) -> int | None:
        """End the cloud that runs here and wait for it; return its pid, None when none ran."""
        try:
            self.acquire()
        except CloudAlreadyRunningError:
            pid = self._running_pid(timeout_seconds)
        else:
            self.release()
            return None
        os.kill(pid, signal.SIGTERM)
        if not self._wait_for_lock(timeout_seconds):
            os.kill(pid, signal.SIGKILL)
            self._wait_for_lock(timeout_seconds)
        return pid

    def _running_pid(self, timeout_seconds: float) -> int:
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(FileNotFoundError):
                return int(json.loads(self.cloud_file.read_text())["pid"])
            time.sleep(_END_POLL_SECONDS)
        raise CloudAlreadyRunningError(
            f"A local cloud is still starting from {self.directory}; end it where it was started."
        )

    def _wait_for_lock(self, timeout_seconds: float) -> bool:
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            try:
                self.acquire()
            except CloudAlreadyRunningError:
                time.sleep(_END_POLL_SECONDS)
            else:
                self.release()
                return True
        return False
