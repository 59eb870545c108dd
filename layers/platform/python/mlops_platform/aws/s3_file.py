"""An object in S3 as a file that is read in parts."""

import io
from typing import Any


class S3File(io.RawIOBase):
    """One version of an object; a read transfers the bytes asked for and no others.

    Parameters
    ----------
    s3
        boto3's client.
    bucket, key
        The object.
    etag, size
        Its version and length in bytes, as a listing says.
    """

    def __init__(self, s3: Any, *, bucket: str, key: str, etag: str, size: int) -> None:
        self._s3 = s3
        self._object = {"Bucket": bucket, "Key": key, "IfMatch": etag}
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        """Return true."""
        return True

    def seekable(self) -> bool:
        """Return true."""
        return True

    def tell(self) -> int:
        """Return where the next read begins, in bytes."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to where the next read begins, in bytes."""
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}
        self._position = begin[whence] + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer from here on; return how many bytes there were.

        Raises
        ------
        botocore.exceptions.ClientError
            The object was replaced or removed meanwhile.
        """
        end = min(self._position + len(buffer), self._size)
        if end <= self._position:
            return 0
        # S3 counts the last byte in.
        part = self._s3.get_object(**self._object, Range=f"bytes={self._position}-{end - 1}")
        with part["Body"] as body:
            content = body.read()
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)
