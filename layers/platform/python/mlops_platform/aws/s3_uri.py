"""Addresses of S3 objects."""

from typing import NamedTuple

_SCHEME = "s3://"


class S3Uri(NamedTuple):
    """An object or a prefix.

    Examples
    --------
    >>> S3Uri.parse("s3://bundles/fraud_detection/ab12/")
    S3Uri(bucket='bundles', key='fraud_detection/ab12/')
    >>> str(S3Uri("bundles", "a/b"))
    's3://bundles/a/b'
    """

    bucket: str
    key: str

    @classmethod
    def parse(cls, text: str) -> "S3Uri":
        """Split ``s3://bucket/key``.

        Raises
        ------
        ValueError
            The text does not start with ``s3://`` or names no bucket.
        """
        bucket, _, key = text.removeprefix(_SCHEME).partition("/")
        if not text.startswith(_SCHEME) or not bucket:
            raise ValueError(f"{text!r} is not an address in S3; write s3://bucket/key.")
        return cls(bucket, key)

    def __str__(self) -> str:
        return f"{_SCHEME}{self.bucket}/{self.key}"
