"""One execution environment: an isolated process that runs a function's real asset.

Memory is not limited: a limit on address space kills what Lambda would let live, and resident
memory cannot be limited without privileges.
"""

import contextlib
import dataclasses
import json
import os
import queue
import secrets
import shutil
import signal
import threading
import time
from pathlib import Path

from local_cloud.functions.configuration import FunctionConfiguration
from local_cloud.functions.package import Package
from local_cloud.functions.runtime_api import Invocation, Message, RuntimeApi
from local_cloud.functions.runtimes import Runtime
from local_cloud.processes import Processes
from local_cloud.sessions import kill_session, signal_group

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_INIT_TIMEOUT_SECONDS = 30.0
"""AWS allows 10 s and then starts again inside the invocation; a loaded laptop needs longer."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How an invocation ended, with what it printed.

    Attributes
    ----------
    error_type
        None for a response, otherwise the error that the platform or the function reported.
    status
        As the REPORT line names it: "", "error" or "timeout".
    init_ms
        Set for the first invocation of an environment.
    """

    payload: bytes
    error_type: str | None
    status: str
    duration_ms: float
    init_ms: float | None
    output: bytes


@dataclasses.dataclass(frozen=True)
class Launch:
    """Everything needed to start environments of one function version."""

    configuration: FunctionConfiguration
    package: Package
    runtime: Runtime
    import_path: list[Path]
    variables: dict[str, str]


class Worker:
    """A warm environment, for one invocation at a time."""

    def __init__(self, launch: Launch, processes: Processes, directory: Path) -> None:
        self.configuration = launch.configuration
        self.log_stream = _stream_name(launch.configuration.version)
        self._usable = True
        self._initialised = False
        self._api = RuntimeApi()
        self._scratch = directory / secrets.token_hex(8)
        self._scratch.mkdir(parents=True)
        self._output = (self._scratch / "output").open("ab+")
        self._read_bytes = 0
        self._started = time.perf_counter()
        self._process = processes.spawn(
            "function",
            launch.configuration.name,
            _command(launch),
            environment=self._environment(launch),
            cwd=launch.package.task_root,
            stdout=self._output,
        )
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether another invocation can run here."""
        return self._usable and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process, also the leader of its process group."""
        return self._process.pid

    def invoke(self, request_id: str, payload: bytes) -> Outcome:
        """Run one event; ends the environment when it times out or dies."""
        init_ms = None
        if not self._initialised:
            failure = self._initialise()
            init_ms = (time.perf_counter() - self._started) * 1000
            if failure:
                return self._outcome(failure, request_id, 0.0, init_ms)
        timeout = self.configuration.timeout_seconds
        started = time.perf_counter()
        deadline = time.time() + timeout
        self._api.send(Invocation(request_id, payload, deadline, self.configuration.arn))
        message = self._wait(timeout)
        duration_ms = (time.perf_counter() - started) * 1000
        return self._outcome(message, request_id, duration_ms, init_ms)

    def close(self) -> None:
        """End the process with all that it started, and remove what it left."""
        self._usable = False
        kill_session(self._process.pid)
        self._process.wait()
        self._api.close()
        self._output.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _initialise(self) -> Message | None:
        message = self._wait(_INIT_TIMEOUT_SECONDS)
        if message is not None and message.signal == "ready":
            self._initialised = True
            return None
        return message or Message("exited")

    def _wait(self, timeout_seconds: float) -> Message | None:
        with contextlib.suppress(queue.Empty):
            return self._api.messages.get(timeout=timeout_seconds)
        return None

    def _watch(self) -> None:
        self._process.wait()
        self._api.messages.put(Message("exited"))

    def _outcome(
        self, message: Message | None, request_id: str, duration_ms: float, init_ms: float | None
    ) -> Outcome:
        if message is None or message.signal in {"exited", "init_error"}:
            self._usable = False
        payload, error_type, status = self._interpret(message, request_id)
        return Outcome(payload, error_type, status, duration_ms, init_ms, self._read_output())

    def _interpret(self, message: Message | None, request_id: str) -> tuple[bytes, str | None, str]:
        if message is None:
            # Nothing it prints from here on belongs to this invocation.
            signal_group(self._process.pid, signal.SIGKILL)
            seconds = f"{self.configuration.timeout_seconds:.2f}"
            text = f"RequestId: {request_id} Error: Task timed out after {seconds} seconds"
            return _error("Sandbox.Timedout", text), "Sandbox.Timedout", "timeout"
        if message.signal == "exited":
            text = f"RequestId: {request_id} Error: Runtime exited with error: {self._exit_words()}"
            return _error("Runtime.ExitError", text), "Runtime.ExitError", "error"
        if message.signal == "response":
            return message.payload, None, ""
        error_type = str(json.loads(message.payload).get("errorType", "Unhandled"))
        # AWS marks a REPORT line only for what ends the environment.
        return message.payload, error_type, "error" if message.signal == "init_error" else ""

    def _exit_words(self) -> str:
        signal_group(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        if code >= 0:
            return f"exit status {code}"
        name = signal.strsignal(-code) or str(-code)
        return f"signal: {name.lower()}"

    def _read_output(self) -> bytes:
        """Return what was printed since the last call; the file is complete at the answer."""
        end = os.fstat(self._output.fileno()).st_size
        output = os.pread(self._output.fileno(), end - self._read_bytes, self._read_bytes)
        self._read_bytes = end
        return output

    def _environment(self, launch: Launch) -> dict[str, str]:
        return {
            **launch.variables,
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "AWS_LAMBDA_LOG_STREAM_NAME": self.log_stream,
            "TMPDIR": str(self._scratch),
        }


def _command(launch: Launch) -> list[str | Path]:
    runtime = launch.runtime
    python: list[str | Path] = [runtime.interpreter.path, "-I", "-S", _BOOTSTRAP]
    return [*python, runtime.client_directory, *launch.import_path]


def _stream_name(version: str) -> str:
    return f"{time.strftime('%Y/%m/%d', time.gmtime())}/[{version}]{secrets.token_hex(16)}"


def _error(error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()
