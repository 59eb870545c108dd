"""Become another program that dies with its parent: `python -I -S launcher.py PROGRAM ARGS…`.

On Linux the kernel is asked to kill this process when the thread that started it ends; the
request survives `exec`, but not `fork`: what the program has started, and everything on other
systems, is ended by the next `up` or `down` (see `leftovers.py`).
"""

import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL at the parent's death, and check that it has not come yet."""
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 (loaded in the launcher only, never in the program)

    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(f"The local cloud (process {parent}) ended while this program started.")


if __name__ == "__main__":
    die_with_parent()
    os.execvpe(sys.argv[1], sys.argv[1:], os.environ)  # noqa: S606 (no shell is wanted)
