"""Deployment packages: unpacked once per content, within Lambda's size limit."""

import dataclasses
import hashlib
import io
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from moto.awslambda.utils import get_backend

MAX_UNZIPPED_BYTES = 262_144_000
"""Lambda's limit for a function's code and layers together."""


class PackageTooLargeError(Exception):
    """A function's code and layers exceed what Lambda unpacks."""


@dataclasses.dataclass(frozen=True)
class Package:
    """A function's files on disk.

    Attributes
    ----------
    task_root
        The unpacked code: `/var/task`.
    layers
        The unpacked layers in the function's order: merged into `/opt` on AWS, later over earlier.
    unzipped_bytes
        Of all of them.
    """

    task_root: Path
    layers: tuple[Path, ...]
    unzipped_bytes: int


class PackageStore:
    """Unpacks code archives into directories named by their content."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def open(self, function: Any) -> Package:
        """Unpack moto's `LambdaFunction` and its layers.

        Raises
        ------
        PackageTooLargeError
            Above `MAX_UNZIPPED_BYTES`, as AWS refuses it.
        """
        backend = get_backend(function.account_id, function.region)
        task_root = self._unpack(function.code_bytes)
        versions: list[Any] = [
            backend.layers_versions_by_arn(layer["Arn"]) for layer in function.layers
        ]
        layers = tuple(self._unpack(version.code_bytes) for version in versions)
        size = sum(_size(directory) for directory in (task_root, *layers))
        if size > MAX_UNZIPPED_BYTES:
            raise PackageTooLargeError(
                f"Unzipped size of {function.function_name} must be smaller than "
                f"{MAX_UNZIPPED_BYTES} bytes, but code and layers have {size}. "
                "Remove dependencies from the function or its layers."
            )
        return Package(task_root, layers, size)

    def _unpack(self, archive: bytes) -> Path:
        target = self._directory / hashlib.sha256(archive).hexdigest()[:24]
        if target.exists():
            return target
        self._directory.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=self._directory))
        _extract(archive, temporary)
        try:
            temporary.rename(target)
        except OSError:
            # Another thread was faster; its content is the same.
            shutil.rmtree(temporary)
        return target


def _extract(archive: bytes, directory: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        for entry in source.infolist():
            path = Path(source.extract(entry, directory))
            mode = entry.external_attr >> 16
            if mode and path.is_file():
                path.chmod(mode & 0o777)


def _size(directory: Path) -> int:
    # Bytecode that warm environments left behind is not part of the package.
    files = (path for path in directory.rglob("*") if "__pycache__" not in path.parts)
    return sum(path.stat().st_size for path in files if path.is_file())
