"""What a container image means on a laptop: its Dockerfile, read rather than built.

The image's files are its asset directory, its packages are those of the laptop's interpreter. So
`COPY` becomes a map of paths, `ENV`, `WORKDIR`, `ENTRYPOINT` and `CMD` are honoured, `RUN` is taken
as "the packages are there", and whatever else would change the result is refused.
"""

import dataclasses
import json
import re
import shlex
from pathlib import Path, PurePosixPath

_IGNORED = {"RUN", "EXPOSE", "LABEL", "USER", "HEALTHCHECK", "STOPSIGNAL", "MAINTAINER"}
_SHELL = ("/bin/sh", "-c")
_ROOT = PurePosixPath("/")


class UnsupportedImageError(Exception):
    """The Dockerfile says something that cannot be honoured without building the image."""


@dataclasses.dataclass
class Image:
    """One image, as its Dockerfile describes it.

    Attributes
    ----------
    directory
        The asset directory: the build context.
    workdir
        The container's working directory.
    environment
        `ENV`, as written: container paths, not yet mapped.
    entrypoint, command
        `ENTRYPOINT` and `CMD` as argument lists; empty when absent.
    paths
        Container path of every `COPY`, and the file or folder on the laptop that it stands for.
    """

    directory: Path
    workdir: PurePosixPath = _ROOT
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    entrypoint: list[str] = dataclasses.field(default_factory=list)
    command: list[str] = dataclasses.field(default_factory=list)
    paths: dict[PurePosixPath, Path] = dataclasses.field(default_factory=dict)
    arguments: dict[str, str] = dataclasses.field(default_factory=dict)


def read_image(directory: Path, dockerfile: str = "Dockerfile") -> Image:
    """Read the Dockerfile of an asset directory.

    Raises
    ------
    UnsupportedImageError
        When there is no Dockerfile, or an instruction cannot be honoured.
    """
    path = directory / dockerfile
    candidates = [path] if path.is_file() else sorted(directory.rglob("Dockerfile"))
    if len(candidates) != 1:
        raise UnsupportedImageError(
            f"{directory} holds {len(candidates)} Dockerfiles; an image asset needs exactly one."
        )
    image = Image(directory)
    for instruction, rest in _instructions(candidates[0].read_text()):
        image = _apply(image, instruction, rest)
    return image


def _instructions(text: str) -> list[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\[ \t]*\n", " ", "\n".join(lines))
    parts = [line.strip().partition(" ") for line in joined.splitlines() if line.strip()]
    return [(word.upper(), rest.strip()) for word, _, rest in parts]


def _apply(image: Image, instruction: str, rest: str) -> Image:
    if instruction == "FROM":
        # Each stage starts anew, and only the last one is the image.
        return Image(image.directory, arguments=image.arguments)
    if instruction in _IGNORED:
        return image
    handler = _HANDLERS.get(instruction)
    if handler is None:
        raise UnsupportedImageError(
            f"{image.directory}: the local cloud cannot honour `{instruction} {rest}` without "
            "building the image. It reads FROM, ARG, ENV, WORKDIR, COPY, ENTRYPOINT and CMD."
        )
    handler(image, rest)
    return image


def _substitute(image: Image, text: str) -> str:
    known = {**image.arguments, **image.environment}
    return re.sub(
        r"\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))",
        lambda match: known.get(match[1] or match[3], match[2] or ""),
        text,
    )


def _argument(image: Image, rest: str) -> None:
    name, _, default = rest.partition("=")
    image.arguments.setdefault(name.strip(), _substitute(image, default.strip("\"' ")))


def _environment(image: Image, rest: str) -> None:
    words = shlex.split(rest)
    if "=" in words[0]:
        pairs = [word.partition("=")[::2] for word in words]
    else:
        pairs = [(words[0], rest.partition(" ")[2].strip())]
    for name, value in pairs:
        image.environment[name] = _substitute(image, value)


def _workdir(image: Image, rest: str) -> None:
    image.workdir = image.workdir / _substitute(image, rest)


def _copy(image: Image, rest: str) -> None:
    words = json.loads(rest) if rest.startswith("[") else shlex.split(_substitute(image, rest))
    if any(word.startswith("--from") for word in words):
        raise UnsupportedImageError(
            f"{image.directory}: `COPY {rest}` needs another image's files."
        )
    *sources, target = [word for word in words if not word.startswith("--")]
    destination = image.workdir / target
    for source in sources:
        for path in (
            sorted(image.directory.glob(source.strip("/")))
            if "*" in source
            else [image.directory / source.lstrip("/")]
        ):
            into = target.endswith(("/", ".")) or len(sources) > 1
            place = destination / path.name if path.is_file() and into else destination
            image.paths[PurePosixPath(str(place))] = path.resolve()


def _exec_form(rest: str) -> list[str]:
    if rest.startswith("["):
        return [str(word) for word in json.loads(rest)]
    return [*_SHELL, rest]


def _entrypoint(image: Image, rest: str) -> None:
    image.entrypoint = _exec_form(rest)


def _command(image: Image, rest: str) -> None:
    image.command = _exec_form(rest)


_HANDLERS = {
    "ARG": _argument,
    "ENV": _environment,
    "WORKDIR": _workdir,
    "COPY": _copy,
    "ENTRYPOINT": _entrypoint,
    "CMD": _command,
}
