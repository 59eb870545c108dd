"""A container's end, as a kernel ends it: when its first process dies, everything in it dies."""

import subprocess
import threading
from collections.abc import Callable
from typing import IO

from local_cloud.sessions import kill_session

_LAST_OUTPUT_SECONDS = 5.0


def wait_for_end(process: subprocess.Popen[bytes], carry: Callable[[IO[bytes]], None]) -> int:
    """Wait until a container's first process ends, kill the rest, return the exit code.

    The output is carried in a thread of its own: a process that outlives the first one may hold
    the pipe open, so the end of the output says nothing about the end of the container.

    Parameters
    ----------
    process
        The first process, started as a session leader with a pipe as its output.
    carry
        Reads the output to its end; what it raises is raised here.
    """
    output = process.stdout
    assert output is not None  # noqa: S101 (spawned with a pipe)
    failures: list[Exception] = []

    def carry_output() -> None:
        try:
            carry(output)
        except Exception as error:  # noqa: BLE001 (raised again below, where somebody waits)
            failures.append(error)

    carrier = threading.Thread(target=carry_output, name=f"output-{process.pid}", daemon=True)
    carrier.start()
    code = process.wait()
    kill_session(process.pid)
    # Only a process that has made a session of its own can still hold the pipe.
    carrier.join(_LAST_OUTPUT_SECONDS)
    if failures:
        raise failures[0]
    return code
