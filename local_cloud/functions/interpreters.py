"""Find a Python of a given version on this laptop, trusting only what was seen to run."""

import dataclasses
import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_PROBE = "import sys; print('%d.%d' % sys.version_info[:2])"
_PROBE_TIMEOUT_SECONDS = 20


@dataclasses.dataclass(frozen=True)
class Interpreter:
    """A Python that runs.

    Attributes
    ----------
    version
        Like "3.13".
    """

    path: Path
    version: str


def own_interpreter() -> Interpreter:
    """Return the interpreter that runs the local cloud."""
    return Interpreter(Path(sys.executable), f"{sys.version_info.major}.{sys.version_info.minor}")


@functools.cache
def find_interpreter(version: str) -> Interpreter | None:
    """Return an interpreter of `version` ("3.13"), or None when this laptop has none.

    A file of the right name proves nothing: pyenv's shims fail unless the version is selected. So
    each candidate is asked for its version.
    """
    for candidate in _candidates(version):
        if _reports(candidate, version):
            return Interpreter(candidate, version)
    return None


def find_uv() -> str | None:
    """Return the path of uv: beside this interpreter or on PATH."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv")


def _candidates(version: str) -> Iterator[Path]:
    own = own_interpreter()
    if own.version == version:
        yield own.path
    name = f"python{version}"
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if (path := Path(folder) / name).exists():
            yield path
    for root in _pyenv_roots():
        yield from sorted(root.glob(f"versions/{version}*/bin/{name}"), reverse=True)
    if found := _ask_uv(version):
        yield found


def _pyenv_roots() -> list[Path]:
    """Return where pyenv may live: HOME need not point at the user who installed it."""
    roots = [Path(os.environ["PYENV_ROOT"])] if os.environ.get("PYENV_ROOT") else []
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = Path(folder)
        if path.name == "shims" or (path / "pyenv").exists():
            roots.append(path.resolve().parent)
    return list(dict.fromkeys(roots))


def _ask_uv(version: str) -> Path | None:
    uv = find_uv()
    if uv is None:
        return None
    command = [uv, "python", "find", "--no-python-downloads", "--no-project", version]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return Path(answer.stdout.strip()) if answer.returncode == 0 else None


def _reports(candidate: Path, version: str) -> bool:
    try:
        answer = subprocess.run(
            [str(candidate), "-I", "-S", "-c", _PROBE],
            capture_output=True,
            text=True,
            check=False,
            timeout=_PROBE_TIMEOUT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.strip() == version
