"""A call that is not waited for longer than agreed."""

import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def within(deadline_seconds: float, call: Callable[[], Result]) -> Result:
    """Return what `call` returns, unless it takes too long.

    Socket timeouts bound each read, not a whole call with its name look-up, connection and
    retries; this does. The late call ends by itself and its result is dropped.

    Raises
    ------
    TimeoutError
        `deadline_seconds` have passed. Errors of `call` itself pass through.
    """
    future = _waiters().submit(call)
    try:
        return future.result(timeout=deadline_seconds)
    except TimeoutError:
        future.cancel()
        raise


@functools.cache
def _waiters() -> ThreadPoolExecutor:
    """Return threads enough that a few hanging calls do not hold up the next ones."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="deadline")
