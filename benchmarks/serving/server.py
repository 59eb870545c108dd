"""A server under measurement: how it is started and asked, and the processes that it is."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from benchmarks.serving.cores import SERVER_CORE, on_core
from local_cloud.sessions import kill_session

HOST: Final = "127.0.0.1"
_START_SECONDS: Final = 120.0
_PAUSE_SECONDS: Final = 0.25
_GRACE_SECONDS: Final = 10.0
_SHOWN_BYTES: Final = 2_000
# One thread for one core, for each of them; and nobody is told that we measure.
_ALIKE: Final = {"OMP_NUM_THREADS": "1", "DO_NOT_TRACK": "1"}


class ServerFailedError(Exception):
    """A server did not come up, or answers something else than the model does."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """How one server is started and asked.

    Parameters
    ----------
    name
        What it is called in the report.
    command, environment, folder
        What starts it, with which variables, and where.
    port, path
        Where it answers POST requests.
    body
        Makes the JSON of a request of one row: 30 numbers for the model that all have.
    probability
        Reads the model's answer from the JSON of the server's.
    """

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    folder: Path
    port: int
    path: str
    body: Callable[[Any], Any]
    probability: Callable[[Any], float]


@contextlib.contextmanager
def running(server: Server, answers: Callable[[], bool]) -> Iterator[int]:
    """Start a server on its core and wait for it; end it with all that it started.

    What it prints goes to a file, where a service's log goes, too.

    Parameters
    ----------
    server
        What is started.
    answers
        Tells whether it has come up.

    Yields
    ------
    int
        The id of the process that leads all of the server's.

    Raises
    ------
    ServerFailedError
        It ended or did not come up in time; the error says what it printed last.
    """
    with tempfile.TemporaryFile() as log:
        # Children inherit the core, and so do theirs.
        with on_core(SERVER_CORE):
            process = subprocess.Popen(
                [str(word) for word in server.command],
                env={**server.environment, **_ALIKE},
                cwd=server.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            if not _comes_up(process, answers):
                log.seek(0)
                printed = log.read()[-_SHOWN_BYTES:].decode(errors="replace")
                raise ServerFailedError(f"{server.name} did not come up. It printed:\n{printed}")
            yield process.pid
        finally:
            _end(process)


def cpu_seconds(leader: int) -> float:
    """Return what a server's processes have computed since they started, all cores together."""
    spent = 0.0
    for member in _family(leader):
        # One that ends meanwhile takes no part any more.
        with contextlib.suppress(psutil.NoSuchProcess):
            times = member.cpu_times()
            spent += times.user + times.system
    return spent


def _family(leader: int) -> list[psutil.Process]:
    """Return a process and all that descend from it; none if it has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(leader)
        return [process, *process.children(recursive=True)]
    return []


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server politely, and then whatever of it is left."""
    family = _family(process.pid)
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_SECONDS)
    # Some workers lead sessions of their own; and who lost its parent is known by its session.
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    kill_session(process.pid)
    process.wait()
    psutil.wait_procs(family, timeout=_GRACE_SECONDS)


def _comes_up(process: subprocess.Popen[bytes], answers: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if answers():
            return True
        time.sleep(_PAUSE_SECONDS)
    return False
