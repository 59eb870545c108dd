"""Child processes of the cloud: functions, training jobs, tasks. They die when the cloud dies."""

import concurrent.futures
import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from local_cloud.ledger import Child, Ledger
from local_cloud.leftovers import remove_folder
from local_cloud.sessions import kill_session, signal_group

_LAUNCHER = Path(__file__).with_name("launcher.py")


class CloudStoppedError(Exception):
    """The cloud starts nothing any more."""


class Processes:
    """Starts programs in sessions of their own and knows which are running.

    Parameters
    ----------
    ledger
        File that lists the running children and their folders elsewhere, so that the next cloud
        can end and remove what a killed one left.
    """

    def __init__(self, ledger: Path) -> None:
        self._ledger = Ledger(ledger)
        self._folders: list[Path] = []
        self._stopped = False
        self._children: dict[int, tuple[Child, subprocess.Popen[bytes]]] = {}
        self._lock = threading.Lock()
        # The kernel's death signal follows the *thread* that forks, and request threads end.
        self._spawner = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="spawner")

    def spawn(
        self,
        kind: str,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        cwd: Path,
        stdout: IO[bytes] | int | None = subprocess.DEVNULL,
        stderr: IO[bytes] | int | None = subprocess.STDOUT,
    ) -> subprocess.Popen[bytes]:
        """Start `command` with exactly `environment`, as the leader of a new session.

        Raises
        ------
        CloudStoppedError
            After `stop`.
        """
        words = [str(word) for word in command]
        # Under the lock, so that no child starts behind the back of `stop`.
        with self._lock:
            if self._stopped:
                raise CloudStoppedError(f"The cloud has stopped: {kind} {name} is not started.")
            process = self._spawner.submit(
                subprocess.Popen,
                [sys.executable, "-I", "-S", str(_LAUNCHER), *words],
                env=dict(environment),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            ).result()
            child = Child(kind, name, process.pid, words[0])
            self._children[process.pid] = (child, process)
            self._record()
        return process

    def own_folder(self, folder: Path) -> None:
        """Remove `folder` once the children have ended: at `stop`, or by the next cloud."""
        with self._lock:
            self._folders.append(folder)
            self._record()

    def running(self) -> list[Child]:
        """Return the children that are alive, in the order they were started."""
        with self._lock:
            ended = [
                pid for pid, (_, process) in self._children.items() if process.poll() is not None
            ]
            for pid in ended:
                del self._children[pid]
            return [child for child, _ in self._children.values()]

    def describe(self, _: dict[str, Any]) -> list[dict[str, Any]]:
        """Answer the admin route `GET /processes`."""
        keys = ("kind", "name", "pid")
        return [{key: getattr(child, key) for key in keys} for child in self.running()]

    def stop(self, grace_seconds: float = 5.0) -> None:
        """End all children with all that they started, politely first; start no more."""
        with self._lock:
            self._stopped = True
            processes = [process for _, process in self._children.values()]
            self._children.clear()
        for process in processes:
            signal_group(process.pid, signal.SIGTERM)
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(grace_seconds)
            kill_session(process.pid)
            process.wait()
        for folder in self._folders:
            remove_folder(folder)
        self._ledger.remove()
        self._spawner.shutdown()

    def _record(self) -> None:
        alive = [child for child, process in self._children.values() if process.poll() is None]
        self._ledger.write(alive, self._folders)
