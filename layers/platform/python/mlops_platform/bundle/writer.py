"""Write a bundle: files first, the manifest that names them last."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mlops_platform.bundle.manifest import (
    GOLDEN,
    MANIFEST,
    MODEL,
    REFERENCE_PROFILE,
    Manifest,
)


def write_bundle(
    folder: Path,
    *,
    model: bytes,
    golden: Sequence[Mapping[str, Any]],
    reference_profile: bytes,
    assets: Mapping[str, bytes] | None = None,
    describe: Callable[[Mapping[str, Mapping[str, Any]]], Manifest],
) -> Manifest:
    """Write a bundle's files into a new folder.

    Parameters
    ----------
    folder
        Made by this call; it must not exist.
    model
        The ONNX graph.
    golden
        Requests with states and expected answers, of JSON's own types.
    reference_profile
        What production is compared with, the same bytes for the same data.
    assets
        Further files by name that the model needs to answer, such as its classes.
    describe
        Makes the manifest from the files' hashes and sizes.

    Returns
    -------
    Manifest
        What was written as ``manifest.json``.

    Raises
    ------
    FileExistsError
        The folder exists.
    """
    folder.mkdir(parents=True)
    contents = {
        **(assets or {}),
        MODEL: model,
        GOLDEN: json_bytes(golden),
        REFERENCE_PROFILE: reference_profile,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    manifest = describe(
        {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
            for name, content in contents.items()
        }
    )
    (folder / MANIFEST).write_bytes(json_bytes(manifest.to_dict()))
    return manifest


def json_bytes(value: Any) -> bytes:
    """Return JSON that is the same bytes for the same value."""
    return json.dumps(value, sort_keys=True, indent=1, allow_nan=False).encode() + b"\n"
