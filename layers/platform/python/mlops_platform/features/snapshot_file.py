"""The file in which a training job hands every entity's state to the online table."""

import base64
import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from mlops_platform.errors import FeatureStateError
from mlops_platform.features.clock import format_instant, parse_instant


def write_snapshot(path: Path, as_of: int, states: Iterable[tuple[str, bytes]]) -> None:
    """Write (entity, packed state) pairs as gzipped JSON lines, the same bytes for the same states.

    Parameters
    ----------
    path
        The file to write.
    as_of
        Start of the UTC day before which the states end, epoch seconds.
    states
        Entity name, e.g. ``user#12``, and its packed state.
    """
    # Neither a time nor a name in the gzip header: equal states make equal files.
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as file,
    ):
        file.write(json.dumps({"as_of": format_instant(as_of)}).encode() + b"\n")
        for entity, packed in states:
            line = {"entity": entity, "state": base64.b64encode(packed).decode()}
            file.write(json.dumps(line).encode() + b"\n")


def read_snapshot(file: BinaryIO) -> tuple[int, Iterator[tuple[str, bytes]]]:
    """Return the snapshot's moment (epoch seconds) and its (entity, packed state) pairs.

    Raises
    ------
    FeatureStateError
        The file does not begin with the moment it describes.
    """
    lines = iter(gzip.GzipFile(fileobj=file, mode="rb"))
    try:
        as_of = parse_instant(json.loads(next(lines))["as_of"])
    except (StopIteration, KeyError, ValueError) as error:
        raise FeatureStateError(
            "This is not a feature snapshot: its first line must be {'as_of': …}. "
            "Take feature_state.jsonl.gz from the training job's output."
        ) from error
    return as_of, _pairs(lines)


def _pairs(lines: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    for line in lines:
        record = json.loads(line)
        yield record["entity"], base64.b64decode(record["state"])
