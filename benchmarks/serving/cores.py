"""The servers have one core, and who asks them another."""

import contextlib
import os
from collections.abc import Iterator
from typing import Final

_CORES: Final = sorted(os.sched_getaffinity(0))
SERVER_CORE: Final = _CORES[0]
CLIENT_CORE: Final = _CORES[-1]


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keep this thread, and what it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
