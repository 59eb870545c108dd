"""A child and all that it started: the processes of the session that it leads.

Every child is started as the leader of a session (see `processes.py`). The kernel gives no other
process the leader's id while a member of its session lives, so the id stands for all of them, also
after the leader's end.
"""

import contextlib
import os
import signal

import psutil


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal the process group that `pid` leads; a group that is gone is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def session_members(leader: int) -> list[psutil.Process]:
    """Return the living processes of the session that `leader` leads or led."""
    members = []
    for pid in psutil.pids():
        # Any of them may end between two looks.
        with contextlib.suppress(OSError, psutil.Error):
            if os.getsid(pid) == leader and is_alive(pid):
                members.append(psutil.Process(pid))
    return members


def kill_session(leader: int) -> None:
    """Kill a child with all that it started, whether it still lives or not."""
    # The group falls at one blow; what has made a group of its own comes after it.
    signal_group(leader, signal.SIGKILL)
    for member in session_members(leader):
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()


def is_alive(pid: int) -> bool:
    """Tell whether a process runs: one that waits for its parent to notice its end does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def command_line(pid: int) -> str:
    """Return the command line of a process, or "" when there is none."""
    try:
        return " ".join(psutil.Process(pid).cmdline())
    except psutil.Error:
        return ""
