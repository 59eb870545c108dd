"""Run a container's command as a process: paths, interpreter and environment translated."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from local_cloud.images import Image, UnsupportedImageError

_PYTHONS = {"python", "python3", f"python3.{sys.version_info.minor}"}
_KEPT = ("HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "SSL_CERT_FILE")


def host_path(image: Image, path: PurePosixPath) -> Path | None:
    """Return where a container path lives on the laptop, or None when the image does not copy it.

    The longest copied path that holds it decides. The working directory, and a folder that holds
    copied paths in the same layout as the asset directory, map to the asset directory.
    """
    for copied in sorted(image.paths, key=lambda each: len(each.parts), reverse=True):
        if path == copied or copied in path.parents:
            return image.paths[copied] / path.relative_to(copied)
    below = [copied for copied in image.paths if path in copied.parents]
    layouts = {image.directory.resolve() / copied.relative_to(path) for copied in below}
    if below and layouts == {image.paths[copied] for copied in below}:
        return image.directory
    return image.directory if path == image.workdir and not below else None


def translate(image: Image, word: str) -> str:
    """Translate the container paths in one argument or environment value.

    Lists separated by colons, as in PYTHONPATH, are translated part by part; URLs are left alone.
    """
    if "://" in word:
        return word
    return ":".join(_translate_path(image, part) for part in word.split(":"))


def _translate_path(image: Image, part: str) -> str:
    prefix, equals, path = part.rpartition("=")
    if not path.startswith("/"):
        return part
    found = host_path(image, PurePosixPath(path))
    return f"{prefix}{equals}{found}" if found is not None else part


def translate_command(image: Image, command: Sequence[str]) -> list[str]:
    """Return the argument list to run on the laptop for a container's.

    Raises
    ------
    UnsupportedImageError
        When there is nothing to run, or the program is not installed here.
    """
    if not command:
        raise UnsupportedImageError(
            f"{image.directory}: neither the Dockerfile nor the caller says which program to run."
        )
    program, *arguments = [translate(image, word) for word in command]
    return [_find_program(image, program), *arguments]


def _find_program(image: Image, program: str) -> str:
    if PurePosixPath(program).name in _PYTHONS:
        return sys.executable
    beside = Path(sys.executable).with_name(program)
    if "/" not in program and beside.exists():
        return str(beside)
    found = shutil.which(program)
    if found is None:
        raise UnsupportedImageError(
            f"{image.directory}: the image runs `{program}`, which is not installed here. Install "
            "the image's packages beside the local cloud's interpreter."
        )
    return found


def base_environment(image: Image) -> dict[str, str]:
    """Return what a container's process starts from: the image's ENV and a bare system.

    Nothing of the cloud's own environment leaks in except what any machine has (PATH, HOME,
    language, temporary folder).
    """
    system = {name: os.environ[name] for name in _KEPT if name in os.environ}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    described = {
        name: translate(image, value) for name, value in image.environment.items() if name != "PATH"
    }
    # Asset directories are content-addressed: nothing may be written into them.
    return {**system, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", **described}


def working_directory(image: Image) -> Path:
    """Return the folder on the laptop that stands for WORKDIR.

    Raises
    ------
    UnsupportedImageError
        When WORKDIR holds copied files in another layout than the asset directory.
    """
    found = host_path(image, image.workdir)
    if found is None:
        raise UnsupportedImageError(
            f"{image.directory}: WORKDIR {image.workdir} does not map to the asset directory; "
            "COPY the files in the layout they have there."
        )
    return found
