"""Which days production is compared with."""

import numpy as np
import pytest

from mlops_platform.features.clock import DAY_SECONDS, parse_instant
from mlops_platform.training.reference_window import end_of_data, reference_window
from mlops_platform.training.splits import split_by_time


@pytest.mark.parametrize(
    ("last", "as_of", "end"),
    [
        ("2025-03-06T23:59:59Z", "2025-03-07T02:00:00Z", "2025-03-07T00:00:00Z"),
        ("2025-03-07T01:59:59Z", "2025-03-07T02:00:00Z", "2025-03-07T00:00:00Z"),
        ("2025-02-25T12:00:00Z", "2025-03-07T02:00:00Z", "2025-02-26T00:00:00Z"),
    ],
)
def test_data_ends_with_its_last_day_and_never_after_the_day_began(
    last: str, as_of: str, end: str
) -> None:
    timestamp = np.array([0, parse_instant(last)])

    assert end_of_data(timestamp, parse_instant(as_of)) == parse_instant(end)
    assert parse_instant(end) % DAY_SECONDS == 0


@pytest.mark.parametrize("n_days", [60, 200])
def test_it_holds_the_last_whole_days_that_no_fit_saw_at_most_four_weeks(n_days: int) -> None:
    timestamp = np.arange(0, n_days * DAY_SECONDS + 7_200, 3_600)
    split = split_by_time(0, n_days * DAY_SECONDS + 7_200, delay_days=7)

    days = timestamp[reference_window(timestamp, split)] // DAY_SECONDS

    first_unfitted = split.validation_end // DAY_SECONDS
    assert days.min() == max(first_unfitted, n_days - 28)
    assert days.max() == n_days - 1
    assert (np.bincount(days - days.min()) == 24).all()
