"""Install, once and with the network, what running functions later needs without it."""

import importlib.metadata
import shutil
import subprocess
import tempfile
from pathlib import Path

from local_cloud.functions.interpreters import (
    Interpreter,
    find_interpreter,
    find_uv,
    own_interpreter,
)
from local_cloud.functions.runtimes import fallback_directory, runtime_directory

BUILD_DIRECTORY = Path(__file__).resolve().parents[1] / ".build"
"""Where everything prepared goes by default."""

FUNCTION_PYTHON = "3.13"
"""The version of the functions' Lambda runtime."""

_RUNTIME_DISTRIBUTIONS = ("awslambdaric", "boto3", "botocore")
_MARKER = "requirements.txt"


class PreparationError(Exception):
    """Something that functions need could not be installed."""


def prepare(layers_directory: Path, build_directory: Path) -> Interpreter:
    """Install the Lambda runtime client, and the layers where their Python is not at hand.

    Returns
    -------
    Interpreter
        The one that functions will run on.

    Raises
    ------
    PreparationError
        When uv is missing or a package cannot be installed.
    """
    exact = find_interpreter(FUNCTION_PYTHON)
    interpreter = exact or own_interpreter()
    pins = [f"{name}=={importlib.metadata.version(name)}" for name in _RUNTIME_DISTRIBUTIONS]
    requirements = "\n".join(sorted(pins)).encode() + b"\n"
    _install(interpreter, requirements, runtime_directory(build_directory, interpreter))
    if exact is None:
        for path in sorted(layers_directory.glob("*/requirements.txt")):
            content = path.read_bytes()
            target = fallback_directory(build_directory, interpreter, content)
            _install(interpreter, content, target)
    return interpreter


def _install(interpreter: Interpreter, requirements: bytes, target: Path) -> None:
    """Install into a fresh directory and move it into place, unless it is there already."""
    marker = target / _MARKER
    if marker.exists() and marker.read_bytes() == requirements:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=target.parent))
    pins = temporary / _MARKER
    pins.write_bytes(requirements)
    _run_uv(interpreter, pins, temporary)
    shutil.rmtree(target, ignore_errors=True)
    temporary.chmod(0o755)
    temporary.rename(target)


def _run_uv(interpreter: Interpreter, requirements: Path, target: Path) -> None:
    uv = find_uv()
    if uv is None:
        raise PreparationError("uv is not installed: `pip install uv`, then try again.")
    command = [uv, "pip", "install", "--quiet", "--no-python-downloads"]
    command += ["--python", str(interpreter.path), "--target", str(target)]
    answer = subprocess.run(
        [*command, "--requirements", str(requirements)], capture_output=True, text=True, check=False
    )
    if answer.returncode:
        shutil.rmtree(target, ignore_errors=True)
        raise PreparationError(f"uv could not install {requirements.read_text()}\n{answer.stderr}")
