"""Churn's feature rows: one formula for a table of users and for a single request."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

FEATURE_VERSION: Final = 1
FEATURE_NAMES: Final = ("log_days_since_last", "log_n_30d", "share_30d")
# Thirty of ninety days: what somebody who changes nothing does in them.
USUAL_SHARE: Final = 1.0 / 3.0

Float64s = NDArray[np.float64]


def feature_rows(
    days_since_last: Float64s, n_30d: Float64s, n_90d: Float64s
) -> NDArray[np.float32]:
    """Return the features of n users, float32 of shape (n, 3), in `FEATURE_NAMES` order.

    Parameters
    ----------
    days_since_last : of shape (n,)
        Days since the user's last transaction.
    n_30d, n_90d : of shape (n,)
        Transactions of the last 30 and 90 days.

    Examples
    --------
    >>> feature_rows(np.zeros(1), np.array([2.0]), np.array([8.0]))
    array([[0.       , 1.0986123, 0.25     ]], dtype=float32)
    """
    share = np.full(len(n_90d), USUAL_SHARE)
    np.divide(n_30d, n_90d, out=share, where=n_90d > 0)
    # What is below zero was counted wrongly; a request must be answered all the same.
    columns = (np.log1p(np.maximum(days_since_last, 0)), np.log1p(np.maximum(n_30d, 0)), share)
    return np.column_stack(columns).astype(np.float32)
