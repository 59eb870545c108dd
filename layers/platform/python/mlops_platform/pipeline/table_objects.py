"""The files of a table in the data bucket: what is there, and a copy to check."""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlops_platform.errors import DataValidationError

_N_DOWNLOADS = 8
_CHANGED = {"PreconditionFailed", "NoSuchKey", "404", "412"}


@dataclass(frozen=True, order=True, kw_only=True)
class TableObject:
    """One file of a table.

    Parameters
    ----------
    key
        Its key in the bucket.
    etag
        S3's mark of its content.
    size
        In bytes.
    """

    key: str
    etag: str
    size: int


@dataclass(frozen=True)
class DataBucket:
    """The bucket that holds every table below ``<table>/``.

    Parameters
    ----------
    s3
        boto3's client.
    name
        The bucket's name.
    """

    s3: Any
    name: str

    def objects(self, table: str) -> list[TableObject]:
        """List a table's files, sorted by key."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=f"{table}/"
        )
        return sorted(
            TableObject(key=entry["Key"], etag=entry["ETag"].strip('"'), size=entry["Size"])
            for page in pages
            for entry in page.get("Contents", [])
            # Consoles make empty objects to show folders.
            if not entry["Key"].endswith("/")
        )

    def download(self, objects: Sequence[TableObject], target: Path) -> None:
        """Copy files below `target`, under their keys.

        Raises
        ------
        DataValidationError
            A file changed since it was listed, or its key leads out of `target`.
        """
        with ThreadPoolExecutor(_N_DOWNLOADS, thread_name_prefix="download") as downloads:
            list(downloads.map(lambda entry: self._copy(entry, target), objects))

    def _copy(self, entry: TableObject, target: Path) -> None:
        path = (target / entry.key).resolve()
        if not path.is_relative_to(target.resolve()):
            raise DataValidationError(f"The key {entry.key!r} leads out of its table; rename it.")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            answer = self.s3.get_object(Bucket=self.name, Key=entry.key, IfMatch=entry.etag)
        except self.s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in _CHANGED:
                raise
            raise DataValidationError(
                f"{entry.key} was replaced or removed while the tables were read; run again when "
                "the upload is over."
            ) from error
        with answer["Body"] as body, path.open("wb") as file:
            shutil.copyfileobj(body, file)


def content_sha256(objects: Iterable[TableObject]) -> str:
    """Return one hash over what the files are: key, ETag and size, in the order of keys."""
    digest = hashlib.sha256()
    for entry in sorted(objects):
        digest.update(f"{entry.key}\0{entry.etag}\0{entry.size}\n".encode())
    return digest.hexdigest()
