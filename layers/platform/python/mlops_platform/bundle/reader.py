"""Open a bundle: nothing is used before its hash was checked."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlops_platform.bundle.manifest import (
    GOLDEN,
    MANIFEST,
    MODEL,
    REFERENCE_PROFILE,
    Manifest,
)
from mlops_platform.errors import BundleIntegrityError


@dataclass(frozen=True)
class Bundle:
    """A verified bundle.

    Parameters
    ----------
    manifest
        What it says about itself.
    contents
        Name → bytes of every file that the manifest names.
    """

    manifest: Manifest
    contents: dict[str, bytes]

    @property
    def sha256(self) -> str:
        """The content hash that names the bundle, 64 hexadecimal digits."""
        return self.manifest.bundle_sha256

    @property
    def model(self) -> bytes:
        """The ONNX graph."""
        return self.contents[MODEL]

    @property
    def reference_profile(self) -> bytes:
        """What production is compared with, for `profiles.reference` to read.

        Raises
        ------
        BundleIntegrityError
            The bundle is older than reference profiles.
        """
        if REFERENCE_PROFILE not in self.contents:
            raise BundleIntegrityError(
                f"Bundle {self.sha256[:12]} has no {REFERENCE_PROFILE}, so nothing can be compared "
                "with its training. Train the model again with this version of the platform."
            )
        return self.contents[REFERENCE_PROFILE]

    def golden_examples(self) -> list[dict[str, Any]]:
        """Return requests with the states they met and the answers they must get."""
        return list(json.loads(self.contents[GOLDEN]))


def open_bundle(folder: Path) -> Bundle:
    """Read and verify the bundle in a folder.

    Raises
    ------
    BundleIntegrityError
        The manifest is missing or damaged, or a file is missing, changed or not named by it.
    """
    manifest = _read_manifest(folder)
    present = {path.name for path in folder.iterdir() if path.name != MANIFEST}
    if present != set(manifest.files) or MODEL not in present:
        raise BundleIntegrityError(
            f"The bundle holds {sorted(present)}, its manifest names {sorted(manifest.files)}. "
            "Copy it again from where it was registered."
        )
    contents = {name: (folder / name).read_bytes() for name in manifest.files}
    for name, content in contents.items():
        if hashlib.sha256(content).hexdigest() != manifest.files[name]["sha256"]:
            raise BundleIntegrityError(
                f"{name} is not the file that the manifest names (its SHA-256 differs). "
                "Copy the bundle again from where it was registered."
            )
    return Bundle(manifest, contents)


def _read_manifest(folder: Path) -> Manifest:
    try:
        return Manifest.from_dict(json.loads((folder / MANIFEST).read_bytes()))
    except (OSError, ValueError) as error:
        raise BundleIntegrityError(
            f"The bundle has no readable {MANIFEST}: {error}. Train the model again."
        ) from error
