"""Watching a training process: stopping it when asked or out of time, and saying how it ended."""

import signal
import subprocess
import threading

from local_cloud.sessions import signal_group

# SageMaker sends SIGTERM and kills two minutes later.
GRACE_SECONDS = 120.0
_SIGNAL_OFFSET = 128


class Supervision:
    """Ends a process when a stop is requested or its time is over.

    Parameters
    ----------
    process
        The running process, leader of its group.
    stop_requested
        Set by StopTrainingJob.
    max_seconds
        MaxRuntimeInSeconds.

    Attributes
    ----------
    stopped_for
        `Stopped` or `MaxRuntimeExceeded` once it was ended from outside; None otherwise.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], stop_requested: threading.Event, max_seconds: float
    ) -> None:
        self.stopped_for: str | None = None
        self._process = process
        self._stop_requested = stop_requested
        self._ended = threading.Event()
        threading.Thread(target=self._watch, args=(max_seconds,), daemon=True).start()

    def end(self) -> None:
        """Note that the process has ended."""
        self._ended.set()
        self._stop_requested.set()

    def _watch(self, max_seconds: float) -> None:
        asked = self._stop_requested.wait(max_seconds)
        if self._ended.is_set() or self._process.poll() is not None:
            return
        self.stopped_for = "Stopped" if asked else "MaxRuntimeExceeded"
        signal_group(self._process.pid, signal.SIGTERM)
        if not self._ended.wait(GRACE_SECONDS):
            signal_group(self._process.pid, signal.SIGKILL)


def describe_exit(code: int, failure: str) -> str:
    """Return the FailureReason of a job that ended with `code`.

    Parameters
    ----------
    code
        As `Popen.returncode` gives it: negative for a signal.
    failure
        Content of the failure file, "" when there is none.

    >>> describe_exit(1, "no rows")
    'AlgorithmError: no rows, exit code: 1'
    >>> describe_exit(-9, "")
    'AlgorithmError: ended by SIGKILL, exit code: 137'
    """
    if code < 0:
        ended = f"ended by {signal.Signals(-code).name}"
        failure = f"{failure} ({ended})" if failure else ended
        code = _SIGNAL_OFFSET - code
    return f"AlgorithmError: {failure}, exit code: {code}"
