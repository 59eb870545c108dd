"""Lambda's invocation service: what stands behind every way to call a function."""

import uuid
from pathlib import Path
from typing import Any

from moto.awslambda.utils import get_backend

from local_cloud.functions.asynchronous import EventQueue, OnEnd, QueuedEvent
from local_cloud.functions.configuration import FunctionConfiguration, configuration_of
from local_cloud.functions.environment import build_environment
from local_cloud.functions.invocation import (
    MAX_ASYNC_BYTES,
    MAX_SYNC_BYTES,
    InvocationResult,
    PayloadTooLargeError,
)
from local_cloud.functions.log_lines import invocation_lines, peak_memory_mb
from local_cloud.functions.log_writer import LogWriter
from local_cloud.functions.package import PackageStore
from local_cloud.functions.pool import WorkerPool
from local_cloud.functions.runtimes import Runtimes
from local_cloud.functions.worker import Launch, Outcome, Worker
from local_cloud.processes import Processes

_ACCOUNT_CONCURRENCY = 64
_RETRY_DELAYS_SECONDS = (1.0, 2.0)
_RESPONSE_TOO_LARGE = (
    b'{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded '
    b'maximum allowed payload size (6291556 bytes)."}'
)


class FunctionService:
    """Runs functions; one per cloud.

    Parameters
    ----------
    environment
        The variables that lead a function's AWS calls to this cloud.
    state_directory
        Holds unpacked code and the environments' scratch space.
    build_directory
        Holds what `prepare` installed.
    """

    def __init__(
        self,
        *,
        account_id: str,
        region: str,
        environment: dict[str, str],
        state_directory: Path,
        build_directory: Path,
        processes: Processes,
    ) -> None:
        self._account_id = account_id
        self._region = region
        self._environment = environment
        self._packages = PackageStore(state_directory / "code")
        self._scratch = state_directory / "environments"
        self._runtimes = Runtimes(build_directory)
        self._processes = processes
        self._launches: dict[FunctionConfiguration, Launch] = {}
        self._pool = WorkerPool(self._start, _ACCOUNT_CONCURRENCY)
        self._logs = LogWriter(account_id, region)
        self._events = EventQueue(self.invoke, _RETRY_DELAYS_SECONDS)
        self._admitted: list[dict[str, Any]] = []

    @property
    def logs(self) -> LogWriter:
        """Where log lines go."""
        return self._logs

    def admit(self, function: Any) -> None:
        """Check a new function: its runtime, its package's size, its layers.

        Raises
        ------
        PackageTooLargeError, UnsupportedRuntimeError, NotPreparedError
            When it could not run here or on AWS.
        """
        launch = self._launch(configuration_of(function))
        self._admitted.append(
            {
                "name": function.function_name,
                "interpreter": str(launch.runtime.interpreter.path),
                "asset_exact": launch.runtime.exact,
                "unzipped_mb": round(launch.package.unzipped_bytes / 1024**2, 2),
            }
        )

    def describe(self) -> list[dict[str, Any]]:
        """Return the `functions` of cloud.json."""
        return list(self._admitted)

    def find(self, name_or_arn: str, qualifier: str | None = None) -> Any:
        """Return moto's function by name or ARN, alias or version resolved."""
        return get_backend(self._account_id, self._region).get_function(name_or_arn, qualifier)

    def invoke(
        self, function: Any, payload: bytes, *, request_id: str | None = None, tail: bool = False
    ) -> InvocationResult:
        """Invoke synchronously.

        Parameters
        ----------
        tail
            Whether the result carries the log lines.

        Raises
        ------
        PayloadTooLargeError
            Above 6 MB.
        ThrottledError
            When the function's or the account's concurrency is exhausted.
        """
        if len(payload) > MAX_SYNC_BYTES:
            raise PayloadTooLargeError(
                f"Request must be smaller than {MAX_SYNC_BYTES} bytes for the InvokeFunction "
                "operation"
            )
        identifier = request_id or str(uuid.uuid4())
        configuration = configuration_of(function)
        with self._pool.lease(configuration, self._reserved_concurrency(configuration)) as worker:
            outcome = worker.invoke(identifier, payload)
            pid, stream = worker.pid, worker.log_stream
        self._logs.submit(configuration, stream, identifier, outcome, pid)
        lines = _tail(configuration, identifier, outcome, pid) if tail else ()
        return _result(identifier, outcome, lines)

    def invoke_event(self, function: Any, payload: bytes, on_end: OnEnd = lambda _: None) -> str:
        """Invoke asynchronously; return the request id. `on_end` hears once, after all retries.

        Raises
        ------
        PayloadTooLargeError
            Above 1 MB.
        """
        if len(payload) > MAX_ASYNC_BYTES:
            raise PayloadTooLargeError(
                f"Request must be smaller than {MAX_ASYNC_BYTES} bytes for the InvokeFunction "
                "operation"
            )
        request_id = str(uuid.uuid4())
        self._events.submit(QueuedEvent(function, payload, request_id, on_end))
        return request_id

    def busy(self, name: str) -> int:
        """Return how many invocations of a function run now."""
        return self._pool.busy(name)

    def drain_events(self, timeout_seconds: float = 60.0) -> bool:
        """Wait for all asynchronous invocations, retries included; False on timeout."""
        return self._events.drain(timeout_seconds)

    def flush_logs(self) -> None:
        """Return when all log lines so far are in their log groups."""
        self._logs.flush()

    def close(self) -> None:
        """End all environments and write the last logs."""
        self._events.close()
        self._pool.close()
        self._logs.close()

    def _reserved_concurrency(self, configuration: FunctionConfiguration) -> int | None:
        reserved = self.find(configuration.name).reserved_concurrency
        return None if reserved is None else int(reserved)

    def _start(self, configuration: FunctionConfiguration) -> Worker:
        return Worker(self._launch(configuration), self._processes, self._scratch)

    def _launch(self, configuration: FunctionConfiguration) -> Launch:
        """Unpack and locate what a version needs, once."""
        if configuration not in self._launches:
            package = self._packages.open(self.find(configuration.arn))
            runtime = self._runtimes.choose(configuration.runtime)
            import_path = self._runtimes.import_path(runtime, package)
            variables = build_environment(configuration, package.task_root, self._environment)
            launch = Launch(configuration, package, runtime, import_path, variables)
            self._launches[configuration] = launch
        return self._launches[configuration]


def _tail(
    configuration: FunctionConfiguration, request_id: str, outcome: Outcome, pid: int
) -> tuple[str, ...]:
    return tuple(invocation_lines(configuration, request_id, outcome, peak_memory_mb(pid)))


def _result(request_id: str, outcome: Outcome, lines: tuple[str, ...]) -> InvocationResult:
    if len(outcome.payload) > MAX_SYNC_BYTES:
        error = "Function.ResponseSizeTooLarge"
        return InvocationResult(request_id, _RESPONSE_TOO_LARGE, error, lines)
    return InvocationResult(request_id, outcome.payload, outcome.error_type, lines)
