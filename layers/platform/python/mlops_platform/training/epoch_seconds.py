"""A table's moments as the whole seconds that features count in."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def epoch_seconds(moments: "pd.Series[pd.Timestamp]") -> NDArray[np.int64]:
    """Return UTC timestamps as whole epoch seconds, floored, of shape (n,)."""
    utc = pd.to_datetime(moments, utc=True)
    nanoseconds = utc.dt.as_unit("ns").to_numpy(dtype="datetime64[ns]").astype(np.int64)
    seconds: NDArray[np.int64] = nanoseconds // 1_000_000_000
    return seconds
