"""Keep what was counted, so that another decision is measured on it within seconds."""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.drift.worlds import Watched
from mlops_platform.profiles.reference import ReferenceProfile

_REFERENCE = "reference"


def keep(path: Path, watched: Watched) -> None:
    """Write one seed's counts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    reference = np.frombuffer(watched.reference.to_bytes(), dtype=np.uint8)
    temporary = path.with_suffix(".partial.npz")
    arrays: dict[str, Any] = {**watched.counts, _REFERENCE: reference}
    np.savez_compressed(temporary, allow_pickle=False, **arrays)
    temporary.replace(path)


def kept(path: Path) -> Watched | None:
    """Return what was written, None if nothing was."""
    if not path.exists():
        return None
    with np.load(path) as arrays:
        counts = {name: arrays[name] for name in arrays.files if name != _REFERENCE}
        content = arrays[_REFERENCE].tobytes()
    return Watched(ReferenceProfile.from_bytes(content), counts)
