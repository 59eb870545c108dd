"""Build the third-party layers for Lambda: `python -m cdk.layers` (once; needs a registry).

A layer's folder is named after everything that decides its content, so a build is never stale and
a synthesis, which only reads the folder, needs neither network nor Docker.
"""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from uv import find_uv_bin

from cdk.errors import LayerNotBuiltError

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "layers"
BUILT = ROOT / ".build" / "layers"
PYTHON_VERSION = "3.13"
THIRD_PARTY = ("arrow", "onnx_runtime", "powertools", "tokenizers")

_INSTALL = (
    *("--python-version", PYTHON_VERSION),
    *("--python-platform", "x86_64-manylinux_2_28"),
    *("--only-binary", ":all:"),
    "--no-compile",
    "--no-deps",
)
# Neither imported by the packages nor used by us: sources to compile against, self-tests,
# converters, and Arrow Flight, an RPC server.
_PRUNED = (
    "bin",
    "*/include",
    "**/tests",
    "**/*.pyx",
    "**/*.pxd",
    "numpy/_core/include",
    "numpy/_core/lib",
    "numpy/f2py",
    "onnxruntime/quantization",
    "onnxruntime/tools",
    "onnxruntime/transformers",
    "pyarrow/*flight*",
    "pyarrow/libarrow_python_flight*",
    "pyarrow/src",
)


def built_directory(name: str) -> Path:
    """Return the folder of a built layer.

    Raises
    ------
    LayerNotBuiltError
        It has not been built from its present requirements.
    """
    directory = _directory(name)
    if not directory.is_dir():
        raise LayerNotBuiltError(
            f"The layer {name} is not built for its present requirements.txt. "
            "Run `python -m cdk.layers` (part of `make install`; needs a package registry)."
        )
    return directory


def build(name: str) -> Path:
    """Build one layer unless it is there; return its folder."""
    directory = _directory(name)
    if directory.is_dir():
        return directory
    BUILT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILT, prefix=f"{name}-") as scratch:
        _install(name, Path(scratch))
        # Complete or absent: a build that was interrupted leaves nothing to be taken for one.
        Path(scratch).rename(directory)
        Path(scratch).mkdir()
    directory.chmod(0o755)
    return directory


def _install(name: str, target: Path) -> None:
    requirements = SOURCES / name / "requirements.txt"
    command = [find_uv_bin(), "pip", "install", "--quiet", "--target", str(target / "python")]
    subprocess.run([*command, *_INSTALL, "--requirement", str(requirements)], check=True)
    for pattern in _PRUNED:
        for path in sorted((target / "python").glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    # Where no interpreter of Lambda's version is found, the local cloud installs these instead.
    shutil.copy(requirements, target / "requirements.txt")


def _directory(name: str) -> Path:
    decisive = [*_INSTALL, *_PRUNED, (SOURCES / name / "requirements.txt").read_text()]
    return BUILT / f"{name}-{hashlib.sha256(repr(decisive).encode()).hexdigest()[:12]}"


if __name__ == "__main__":
    for each in THIRD_PARTY:
        print(build(each).relative_to(ROOT))  # noqa: T201 (a command line's answer)
