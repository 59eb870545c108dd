"""A service: its one local task or pod, started, checked, and started again when it dies."""

import logging
import subprocess
import threading
import uuid
from collections import deque
from collections.abc import Callable
from typing import IO

from local_cloud import containers
from local_cloud.container_end import wait_for_end
from local_cloud.log_streams import LogStream
from local_cloud.processes import CloudStoppedError, Processes
from local_cloud.sessions import kill_session
from local_cloud.workloads.container_process import ContainerProcess
from local_cloud.workloads.ports import listens
from local_cloud.workloads.targets import HealthCheck

logger = logging.getLogger(__name__)

_CHECK_SECONDS = 0.1
_RESTART_SECONDS = 0.5
# ECS's circuit breaker rolls a deployment back after this many tasks failed to start.
_MAX_FAILED_STARTS = 3
_LAST_LINES = 15


class ServiceStartError(Exception):
    """A service's tasks die before they become healthy."""


class Service:
    """Keeps one container of a service running.

    Parameters
    ----------
    name
        The service's name.
    make_process
        Plans the container anew for every start, as ECS reads secrets anew.
    check
        How the target group checks it; None when it is in none.
    on_healthy
        Called with a task's plan once it has passed its health check.
    on_end
        Called when a task has ended.
    """

    def __init__(
        self,
        name: str,
        region: str,
        processes: Processes,
        *,
        make_process: Callable[[], ContainerProcess],
        check: HealthCheck | None,
        on_healthy: Callable[[ContainerProcess], None],
        on_end: Callable[[], None],
    ) -> None:
        self.name = name
        self._region = region
        self._processes = processes
        self._make_process = make_process
        self._check = check
        self._on_healthy = on_healthy
        self._on_end = on_end
        self._closed = threading.Event()
        self._settled = threading.Event()
        self._failure: str | None = None
        self._pid: int | None = None
        self._last_lines: deque[str] = deque(maxlen=_LAST_LINES)
        threading.Thread(target=self._keep_running, name=f"service-{name}", daemon=True).start()

    def wait_until_healthy(self, timeout_seconds: float) -> None:
        """Return when the first task has passed its health check.

        Raises
        ------
        ServiceStartError
            When its tasks die, or none is healthy in time.
        """
        settled = self._settled.wait(timeout_seconds)
        if self._failure is not None or not settled:
            problem = self._failure or f"not healthy after {timeout_seconds:.0f} s"
            raise ServiceStartError(
                f"Service {self.name}: {problem}. Its last lines:\n" + "\n".join(self._last_lines)
            )

    def close(self) -> None:
        """Start no more tasks and kill the one that runs: it holds nothing worth a wait."""
        self._closed.set()
        self._settled.set()
        if self._pid is not None:
            kill_session(self._pid)

    def _keep_running(self) -> None:
        failed_starts = 0
        while not self._closed.is_set():
            try:
                self._run_task()
            except CloudStoppedError:
                return
            except Exception as error:
                logger.exception("Service %s cannot start its task", self.name)
                self._last_lines.append(f"{type(error).__name__}: {error}")
            if not self._settled.is_set():
                failed_starts += 1
                if failed_starts == _MAX_FAILED_STARTS:
                    self._failure = f"{failed_starts} tasks ended before one was healthy"
                    self._settled.set()
                    return
            self._closed.wait(_RESTART_SECONDS)

    def _run_task(self) -> None:
        plan = self._make_process()
        carry = self._carrier(plan)
        process = self._processes.spawn(
            "task",
            self.name,
            plan.command,
            environment=plan.environment,
            cwd=containers.working_directory(plan.image),
            stdout=subprocess.PIPE,
        )
        self._pid = process.pid
        checking = threading.Thread(target=self._watch_health, args=(plan, process), daemon=True)
        checking.start()
        code = wait_for_end(process, carry)
        self._pid = None
        checking.join()
        self._on_end()
        if not self._closed.is_set():
            logger.warning("Service %s: its task ended with %d and is replaced", self.name, code)

    def _watch_health(self, plan: ContainerProcess, process: subprocess.Popen[bytes]) -> None:
        port = next(iter(plan.ports.values()), None)
        while process.poll() is None and not self._closed.is_set():
            if self._is_healthy(process, port):
                self._on_healthy(plan)
                self._settled.set()
                return
            self._closed.wait(_CHECK_SECONDS)

    def _is_healthy(self, process: subprocess.Popen[bytes], port: int | None) -> bool:
        if self._check is None or port is None:
            return True
        # Another cloud's task may have been faster on this port: only the own one's answer counts.
        answers = self._check.passes(port) and listens(process.pid, port)
        return answers and process.poll() is None

    def _carrier(self, plan: ContainerProcess) -> Callable[[IO[bytes]], None]:
        """Return what carries the task's output to where its definition wants it."""
        if plan.log_group is None:
            return self._remember
        stream = f"{plan.log_stream_prefix}/{plan.name}/{uuid.uuid4().hex}"
        return LogStream(plan.log_group, stream, self._region, self._last_lines.append).follow

    def _remember(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                self._last_lines.append(line.decode(errors="replace").rstrip())
