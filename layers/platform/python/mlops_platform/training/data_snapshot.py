"""Which data a model was trained on, as one hash and its extent."""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlops_platform.features.clock import format_instant


def data_snapshot(timestamp: NDArray[np.int64], *columns: NDArray[Any]) -> dict[str, Any]:
    """Return ``sha256``, ``rows``, ``first`` and ``last`` of columns of shape (n,), n ≥ 1.

    Text columns count by their values, numbers by their bytes: files that hold the same rows in
    another layout have the same hash.
    """
    digest = hashlib.sha256(timestamp.tobytes())
    for column in columns:
        is_text = column.dtype == object
        digest.update("\n".join(map(str, column)).encode() if is_text else column.tobytes())
    return {
        "sha256": digest.hexdigest(),
        "rows": len(timestamp),
        "first": format_instant(int(timestamp.min())),
        "last": format_instant(int(timestamp.max())),
    }
