"""Rows on which a graph is held against the model that it was made from."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

N_ROWS: Final = 10_000
_MISSING_SHARE: Final = 0.1


def parity_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return given rows, then 10,000 of them again with a tenth of their values missing.

    Production lacks what no test window lacked: a graph must answer such rows as its source does.

    Parameters
    ----------
    rows
        Of shape (n, n_features).
    """
    draw = np.random.default_rng(0)
    damaged = rows[draw.integers(len(rows), size=N_ROWS)]
    damaged[draw.random(damaged.shape) < _MISSING_SHARE] = np.nan
    return np.concatenate([rows, damaged])
