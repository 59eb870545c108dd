"""What a training job left behind: ``model.tar.gz``, read as a stream and trusted in nothing."""

import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from mlops_platform.aws.s3_uri import S3Uri
from mlops_platform.errors import TrainingArtifactError

# Far more than an evaluation or a bundle needs, far less than a function's disk.
_MAX_JSON_BYTES = 16 * 1024**2
_MAX_FOLDER_BYTES = 400 * 1024**2


@dataclass(frozen=True)
class TrainingArtifact:
    """The archive of one training job in S3.

    Parameters
    ----------
    s3
        boto3's client.
    uri
        ``s3://…/model.tar.gz``, as the training job reports it.
    """

    s3: Any
    uri: str

    def read_json(self, name: str) -> dict[str, Any]:
        """Read one file as a JSON object.

        Raises
        ------
        TrainingArtifactError
            There is no such file, or it is not what it should be.
        """
        with self.open(name) as stream:
            content = stream.read(_MAX_JSON_BYTES + 1)
        try:
            # Python writes NaN, which is no JSON and which no later reader takes: null it is.
            value = json.loads(content, parse_constant=lambda _: None)
        except ValueError as error:
            raise self._wrong(f"{name} is not JSON ({error})") from error
        if len(content) > _MAX_JSON_BYTES or not isinstance(value, dict):
            raise self._wrong(f"{name} is not one JSON object of at most {_MAX_JSON_BYTES} bytes")
        return value

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open one file as a stream; nothing is written to disk.

        Raises
        ------
        TrainingArtifactError
            There is no such file, or the archive is damaged.
        """
        with self._archive() as archive:
            for member in archive:
                if self._path_of(member) == PurePosixPath(name):
                    stream = archive.extractfile(member)
                    if stream is None:
                        break
                    yield stream
                    return
            raise self._wrong(f"it holds no file {name}")

    def extract(self, folder: str, target: Path) -> list[Path]:
        """Copy the files below `folder` to `target`; return them.

        Raises
        ------
        TrainingArtifactError
            There are none, they are too large, or the archive is damaged or leads out of `target`.
        """
        written: list[Path] = []
        n_bytes = 0
        with self._archive() as archive:
            for member in archive:
                path = self._path_of(member)
                if path.parts[:1] != (folder,) or not member.isfile():
                    continue
                n_bytes += member.size
                if n_bytes > _MAX_FOLDER_BYTES:
                    raise self._wrong(f"{folder}/ exceeds {_MAX_FOLDER_BYTES} bytes")
                written.append(self._write(archive, member, target / Path(*path.parts[1:])))
        if not written:
            raise self._wrong(f"it holds no files below {folder}/")
        return written

    def _write(self, archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> Path:
        stream = archive.extractfile(member)
        if stream is None:
            raise self._wrong(f"{member.name} has no content")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(stream.read())
        return path

    def _path_of(self, member: tarfile.TarInfo) -> PurePosixPath:
        """Return the path of a member that is a plain file or folder inside the archive."""
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts:
            raise self._wrong(f"{member.name!r} leads out of the archive")
        if not (member.isfile() or member.isdir()):
            raise self._wrong(f"{member.name!r} is a link or a device; only files are taken")
        return path

    @contextmanager
    def _archive(self) -> Iterator[tarfile.TarFile]:
        source = S3Uri.parse(self.uri)
        try:
            body = self.s3.get_object(Bucket=source.bucket, Key=source.key)["Body"]
        except (self.s3.exceptions.NoSuchKey, self.s3.exceptions.NoSuchBucket) as error:
            raise self._wrong("it does not exist") from error
        with body:
            try:
                with tarfile.open(fileobj=body, mode="r|gz") as archive:
                    yield archive
            except (tarfile.TarError, EOFError, zlib.error) as error:
                raise self._wrong(f"it is damaged ({error})") from error

    def _wrong(self, problem: str) -> TrainingArtifactError:
        return TrainingArtifactError(
            f"The training artifact {self.uri} cannot be used: {problem}. "
            "Look at the training job's log, then train again."
        )
