"""Whole columns of money in minor units; single amounts are `amounts`', which needs no numpy."""

import numpy as np
from numpy.typing import NDArray

from mlops_platform.features.amounts import MAX_AMOUNT_MINOR


def to_minor_array(amounts: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return amounts of shape (n,) in minor units; rounds exactly as `to_minor` does."""
    cents = np.minimum(np.rint(amounts * 100.0), float(MAX_AMOUNT_MINOR))
    return cents.astype(np.int64)
