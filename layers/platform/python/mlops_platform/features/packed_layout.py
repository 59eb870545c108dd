"""The layout of packed states as numpy reads it, for many states at once; see `packing`."""

from typing import Final

import numpy as np

HEADER: Final = np.dtype(
    [
        ("magic", "S4"),
        ("version", "u1"),
        ("kind", "u1"),
        ("n_days", "<u2"),
        ("n_recent", "<u2"),
        ("n", "<i8"),
        ("amount", "<i8"),
        ("squares", "<i8"),
        ("labels", "<i8"),
        ("frauds", "<i8"),
        ("first", "<i8"),
        ("forgotten", "<i8"),
        ("newest", "<i8"),
    ]
)
DAY: Final = np.dtype(
    [
        ("day", "<i4"),
        ("n", "<i4"),
        ("amount", "<i8"),
        ("squares", "<i8"),
        ("labels", "<i4"),
        ("frauds", "<i4"),
        ("fraud_known_day", "<i4"),
    ]
)
RECENT: Final = np.dtype([("timestamp", "<i8"), ("id_hash", "<u8"), ("amount", "<i8")])
