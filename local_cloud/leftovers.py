"""What a killed cloud left behind: processes, and files that nobody reads any more."""

import logging
import os
import shutil
from pathlib import Path

from local_cloud.ledger import Child, Ledger
from local_cloud.sessions import command_line, kill_session, session_members
from local_cloud.state import CloudState

logger = logging.getLogger(__name__)

_FOLDERS = ("training", "environments", "databases")


def clear_leftovers(state: CloudState) -> None:
    """End and remove what an earlier cloud left in `state`, whose lock the caller holds."""
    for orphan in end_orphans(state.ledger):
        logger.warning("Ended %s %s, which a killed cloud had left", orphan.kind, orphan.name)
    for name in _FOLDERS:
        remove_folder(state.directory / name)


def end_orphans(path: Path) -> list[Child]:
    """Kill what a killed cloud left running and remove its folders, as listed in a ledger.

    Returns
    -------
    list of Child
        Those of which something was still running.
    """
    ledger = Ledger(path)
    children, folders = ledger.read()
    orphans = [child for child in children if _is_left(child)]
    for child in orphans:
        kill_session(child.pid)
    for folder in folders:
        remove_folder(folder)
    ledger.remove()
    return orphans


def remove_folder(folder: Path) -> None:
    """Remove a folder with its content; one that is not there is no error."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        logger.warning("%s could not be removed; nothing needs it any more", folder)


def _is_left(child: Child) -> bool:
    """Tell whether anything of a recorded child runs; its session is the child's also after it."""
    return not _is_strangers(child) and bool(session_members(child.pid))


def _is_strangers(child: Child) -> bool:
    """Tell whether a recorded pid belongs to somebody else by now.

    A child leads its group and runs the recorded program. One that the kernel is ending with its
    cloud has no command line any more, a moment before it counts as ended: it is no stranger.
    """
    try:
        leads = os.getpgid(child.pid) == child.pid
    except ProcessLookupError:
        return False
    line = command_line(child.pid)
    return not leads or bool(line and child.program not in line)
