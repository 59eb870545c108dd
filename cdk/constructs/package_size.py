"""How large a function is once Lambda has unpacked it, and whether Lambda will."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from cdk.errors import PackageTooLargeError

LIMIT_BYTES = 250 * 1024 * 1024
_MEBIBYTE = 1024 * 1024
NOT_SHIPPED = ("**/__pycache__", "**/*.pyc")


def unzipped_bytes(directory: Path) -> int:
    """Return the size of a folder's files as they are shipped, in bytes."""
    return sum(path.stat().st_size for path in _shipped(directory))


def check_package(function: str, parts: Mapping[str, int]) -> int:
    """Return the size of a function's code and layers together, in bytes.

    Parameters
    ----------
    function
        Its name, for the message.
    parts
        Unzipped bytes of its code and of each layer, by name.

    Raises
    ------
    PackageTooLargeError
        They exceed Lambda's 250 MB.
    """
    total = sum(parts.values())
    if total >= LIMIT_BYTES:
        listed = ", ".join(f"{name} {size / _MEBIBYTE:.1f}" for name, size in parts.items())
        raise PackageTooLargeError(
            f"{function} unpacks to {total / _MEBIBYTE:.1f} MB, and Lambda takes less than "
            f"{LIMIT_BYTES / _MEBIBYTE:.0f} ({listed}). Take a layer away, or prune it in "
            "cdk/layers.py."
        )
    return total


def _shipped(directory: Path) -> Iterable[Path]:
    for path in directory.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
            yield path
