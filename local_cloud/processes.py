"""Child processes of the cloud: functions, training jobs, tasks. They die when the cloud dies."""

import concurrent.futures
import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from local_cloud.state import write_atomically

_LAUNCHER = Path(__file__).with_name("launcher.py")


@dataclasses.dataclass(frozen=True)
class Child:
    """A running child: `kind` is function, training, task or database."""

    kind: str
    name: str
    pid: int
    program: str


class Processes:
    """Starts programs in process groups of their own and knows which are running.

    Parameters
    ----------
    ledger
        File that lists the running children, so that the next cloud can end orphans.
    """

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
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
        """Start `command` with exactly `environment`, as the leader of a new process group."""
        words = [str(word) for word in command]
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
        with self._lock:
            self._children[process.pid] = (child, process)
            self._record()
        return process

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
        """End all children with their groups, politely first."""
        with self._lock:
            processes = [process for _, process in self._children.values()]
            self._children.clear()
        for process in processes:
            signal_group(process.pid, signal.SIGTERM)
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(grace_seconds)
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
        self._ledger.unlink(missing_ok=True)
        self._spawner.shutdown()

    def _record(self) -> None:
        alive = [child for child, process in self._children.values() if process.poll() is None]
        write_atomically(self._ledger, json.dumps([dataclasses.asdict(child) for child in alive]))


def end_orphans(ledger: Path) -> list[Child]:
    """Kill what a killed cloud left running, as listed in `ledger`; return what was killed.

    A recorded pid may belong to somebody else by now: only a process that still leads its group
    and runs the recorded program is ended.
    """
    if not ledger.exists():
        return []
    children = [Child(**entry) for entry in json.loads(ledger.read_text())]
    orphans = [child for child in children if _runs(child)]
    for child in orphans:
        signal_group(child.pid, signal.SIGKILL)
    ledger.unlink()
    return orphans


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal the process group that `pid` leads; a group that is gone is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def command_line(pid: int) -> str:
    """Return the command line of a process, or "" when there is none."""
    proc = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip()


def _runs(child: Child) -> bool:
    try:
        leads = os.getpgid(child.pid) == child.pid
    except ProcessLookupError:
        return False
    return leads and child.program in command_line(child.pid)
