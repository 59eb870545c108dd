"""Times in whatever form become UTC days; the truth is written beside them."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mlops_platform.sdk.day_table import DayTable

TOKYO = timezone(timedelta(hours=9))
# In Tokyo the second day has begun long ago; in UTC the first has not ended.
LATE, EARLY = datetime(2026, 3, 2, 8, 59, tzinfo=TOKYO), datetime(2026, 3, 2, 9, tzinfo=TOKYO)
DAYS = [date(2026, 3, 1), date(2026, 3, 2)]


@pytest.mark.parametrize(
    "times",
    [
        pd.Series([LATE, EARLY]),
        pd.Series([LATE, EARLY], dtype=object),
        pd.Series([LATE, EARLY], dtype="timestamp[us, tz=Asia/Tokyo][pyarrow]"),
        pd.Series([moment.astimezone(UTC).replace(tzinfo=None) for moment in (LATE, EARLY)]),
        [LATE, EARLY],
        [LATE.isoformat(), EARLY.isoformat()],
        DAYS,
        np.array(DAYS, dtype="datetime64[D]"),
        pa.chunked_array([pa.array([LATE, EARLY], pa.timestamp("ns", "Asia/Tokyo"))]),
    ],
    ids=["zone", "objects", "arrow's", "naive", "list", "texts", "dates", "numpy", "arrow"],
)
def test_days_are_utc_s_however_times_are_written(times: Any) -> None:
    read = DayTable.read({"timestamp": times, "amount": [1.0, 2.0]})

    assert read.day.tolist() == [(day - date(1970, 1, 1)).days for day in DAYS]


def test_inputs_keep_their_order_and_empty_numbers_are_nulls() -> None:
    table = pa.table({"b": [1, None], "score": [0.5, 0.25], "timestamp": DAYS, "a": [3.0, 4.0]})

    read = DayTable.read(table)

    assert read.names == ("b", "a")
    np.testing.assert_array_equal(read.inputs, [[1, 3], [np.nan, 4]])
    assert read.scores.tolist() == [0.5, 0.25]


def test_a_table_without_scores_has_nulls_for_them() -> None:
    read = DayTable.read({"timestamp": DAYS, "amount": [1.0, 2.0]})

    assert np.isnan(read.scores).all()
