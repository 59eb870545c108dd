"""The interpreter and the import path that stand for a Lambda runtime on this laptop."""

import dataclasses
import hashlib
from pathlib import Path

from local_cloud.functions.interpreters import Interpreter, find_interpreter, own_interpreter
from local_cloud.functions.package import Package

_PYTHON_PREFIX = "python"


class UnsupportedRuntimeError(Exception):
    """A function asks for a runtime that is not Python."""


class NotPreparedError(Exception):
    """What `python -m local_cloud prepare` installs is not there."""


@dataclasses.dataclass(frozen=True)
class Runtime:
    """How functions of one runtime are run.

    Attributes
    ----------
    exact
        Whether the interpreter has the runtime's version, so that the very asset runs.
    client_directory
        Where `awslambdaric` and boto3 are installed for the interpreter.
    """

    interpreter: Interpreter
    exact: bool
    client_directory: Path


class Runtimes:
    """Chooses runtimes; everything prepared lies below `build_directory`."""

    def __init__(self, build_directory: Path) -> None:
        self._build_directory = build_directory

    def choose(self, name: str) -> Runtime:
        """Return the runtime for `name` ("python3.13").

        Raises
        ------
        UnsupportedRuntimeError
            When it is not a Python runtime.
        NotPreparedError
            When its client is not installed.
        """
        if not name.startswith(_PYTHON_PREFIX):
            raise UnsupportedRuntimeError(f"The local cloud runs Python functions, not {name}.")
        found = find_interpreter(name.removeprefix(_PYTHON_PREFIX))
        interpreter = found or own_interpreter()
        client_directory = runtime_directory(self._build_directory, interpreter)
        if not (client_directory / "awslambdaric").is_dir():
            raise NotPreparedError(
                f"No Lambda runtime is installed for Python {interpreter.version}. "
                "Run `python -m local_cloud prepare` once (it needs the network)."
            )
        return Runtime(interpreter, found is not None, client_directory)

    def import_path(self, runtime: Runtime, package: Package) -> list[Path]:
        """Return the entries of `sys.path` before the standard library's.

        Code first, then layers: the last layer wins, as it does when Lambda merges them.
        """
        layers = [self._layer_python(runtime, layer) for layer in reversed(package.layers)]
        return [package.task_root, *layers]

    def _layer_python(self, runtime: Runtime, layer: Path) -> Path:
        requirements = layer / "requirements.txt"
        if runtime.exact or not requirements.exists():
            return layer / "python"
        rebuilt = fallback_directory(
            self._build_directory, runtime.interpreter, requirements.read_bytes()
        )
        if not rebuilt.is_dir():
            raise NotPreparedError(
                f"A layer holds packages for another Python than {runtime.interpreter.version}, "
                "and they are not installed for it. Run `python -m local_cloud prepare` once "
                "(it needs the network)."
            )
        return rebuilt


def runtime_directory(build_directory: Path, interpreter: Interpreter) -> Path:
    """Return where the Lambda runtime client of an interpreter is installed."""
    return build_directory / "runtime" / interpreter.version


def fallback_directory(
    build_directory: Path, interpreter: Interpreter, requirements: bytes
) -> Path:
    """Return where a layer's requirements are installed for an interpreter other than its own."""
    digest = hashlib.sha256(requirements).hexdigest()[:24]
    return build_directory / "fallback" / interpreter.version / digest / "python"
