"""Become another program as another user: `python -I -S run_as.py UID GID PROGRAM ARGS…`.

PostgreSQL refuses to run as root. The kernel forgets the wish to die with the parent when a
process changes its user, so that wish is repeated here.
"""

import os
import sys
from pathlib import Path


def main() -> None:
    """Drop every privilege for good, then run the program."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    # Everything is loaded first: the other user may not be able to read Python's library.
    import ctypes  # noqa: F401, PLC0415

    from launcher import die_with_parent  # type: ignore[import-not-found]  # noqa: PLC0415

    user, group, *command = sys.argv[1:]
    os.setgroups([])
    os.setgid(int(group))
    os.setuid(int(user))
    die_with_parent()
    os.execvpe(command[0], command, os.environ)  # noqa: S606 (no shell is wanted)


if __name__ == "__main__":
    main()
