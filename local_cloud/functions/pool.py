"""Warm environments: reused when idle, started when all are busy, within concurrency limits."""

import collections
import contextlib
import threading
from collections.abc import Callable, Iterator

from local_cloud.functions.configuration import FunctionConfiguration
from local_cloud.functions.worker import Worker


class ThrottledError(Exception):
    """No more environments of this function may run at once."""

    def __init__(self, reason: str) -> None:
        super().__init__("Rate Exceeded.")
        self.reason = reason


class WorkerPool:
    """All execution environments of the cloud.

    Parameters
    ----------
    start
        Starts an environment for a configuration.
    account_concurrency
        How many invocations may run at once over all functions. An account on AWS has 1,000; a
        laptop has fewer processes to give.
    """

    def __init__(
        self,
        start: Callable[[FunctionConfiguration], Worker],
        account_concurrency: int,
    ) -> None:
        self._start = start
        self._account_concurrency = account_concurrency
        self._idle: dict[str, collections.deque[Worker]] = {}
        self._busy: collections.Counter[str] = collections.Counter()
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def lease(self, configuration: FunctionConfiguration, reserved: int | None) -> Iterator[Worker]:
        """Lend an environment for one invocation.

        Parameters
        ----------
        reserved
            The function's reserved concurrency; None for a share of the account's.

        Raises
        ------
        ThrottledError
            When the limit is reached.
        """
        worker, stale = self._take(configuration, reserved)
        try:
            for old in stale:
                old.close()
            worker = worker or self._start(configuration)
            yield worker
        finally:
            self._give_back(configuration, worker)

    def busy(self, name: str) -> int:
        """Return how many environments of a function are lent."""
        with self._lock:
            return self._busy[name]

    def close(self) -> None:
        """End all idle environments."""
        with self._lock:
            workers = [worker for workers in self._idle.values() for worker in workers]
            self._idle.clear()
        for worker in workers:
            worker.close()

    def _take(
        self, configuration: FunctionConfiguration, reserved: int | None
    ) -> tuple[Worker | None, list[Worker]]:
        with self._lock:
            self._admit(configuration.name, reserved)
            self._busy[configuration.name] += 1
            idle = self._idle.setdefault(configuration.arn, collections.deque())
            stale = [worker for worker in idle if worker.configuration != configuration]
            dead = [worker for worker in idle if not worker.alive and worker not in stale]
            for worker in (*stale, *dead):
                idle.remove(worker)
            # The most recently used environment first, so that spare ones stay idle.
            return (idle.pop() if idle else None), [*stale, *dead]

    def _admit(self, name: str, reserved: int | None) -> None:
        if reserved is not None and self._busy[name] >= reserved:
            raise ThrottledError("ReservedFunctionConcurrentInvocationLimitExceeded")
        if self._busy.total() >= self._account_concurrency:
            raise ThrottledError("ConcurrentInvocationLimitExceeded")

    def _give_back(self, configuration: FunctionConfiguration, worker: Worker | None) -> None:
        with self._lock:
            self._busy[configuration.name] -= 1
            if worker is not None and worker.alive:
                self._idle.setdefault(configuration.arn, collections.deque()).append(worker)
        if worker is not None and not worker.alive:
            worker.close()
