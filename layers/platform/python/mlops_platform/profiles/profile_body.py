"""A profile as bytes: a JSON line that names the counters, then their numbers, compressed."""

import json
import zlib
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.errors import ProfileError

SCHEMA_VERSION: Final = 1


def pack(bins_sha256: str, counters: Mapping[str, NDArray[np.int64]]) -> bytes:
    """Return the body of a profile's counters."""
    header = {
        "schema_version": SCHEMA_VERSION,
        "bins_sha256": bins_sha256,
        "sizes": {name: len(counts) for name, counts in counters.items()},
    }
    head = json.dumps(header, separators=(",", ":")).encode()
    numbers = np.concatenate(list(counters.values())).astype("<i8").tobytes()
    return zlib.compress(head + b"\n" + numbers)


def unpack(content: bytes) -> tuple[str, dict[str, NDArray[np.int64]]]:
    """Return the `bins_sha256` and the counters of a body.

    Raises
    ------
    ProfileError
        It is of another schema, or damaged.
    """
    try:
        return _unpacked(zlib.decompress(content))
    except (zlib.error, KeyError, TypeError, ValueError) as error:
        raise ProfileError(
            f"A profile cannot be read: {error!r}. Count it again from the prediction log."
        ) from error


def _unpacked(body: bytes) -> tuple[str, dict[str, NDArray[np.int64]]]:
    head, _, packed = body.partition(b"\n")
    header = json.loads(head)
    if header["schema_version"] != SCHEMA_VERSION:
        raise ValueError(f"schema {header['schema_version']!r}, not {SCHEMA_VERSION}")
    sizes = dict(header["sizes"])
    numbers = np.frombuffer(packed, dtype="<i8").astype(np.int64)
    if len(numbers) != sum(sizes.values()):
        raise ValueError(f"{len(numbers)} counts where {sum(sizes.values())} belong")
    parts = np.split(numbers, np.cumsum(list(sizes.values()))[:-1])
    return str(header["bins_sha256"]), dict(zip(sizes, parts, strict=True))
