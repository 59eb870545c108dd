"""Until when a training job's states speak, and from when on serving does."""

import numpy as np
import pytest

from mlops_platform.features.clock import DAY_SECONDS, parse_instant
from mlops_platform.models.fraud_detection.dataset import NOT_KNOWN, FraudDataset
from mlops_platform.models.fraud_detection.state_snapshot import end_of_data

NAMES = np.array(["a"], dtype=object)


def dataset_until(last: str) -> FraudDataset:
    """One transaction, all that `end_of_data` looks at."""
    one = np.zeros(1, dtype=np.int64)
    return FraudDataset(
        transaction_id=NAMES,
        timestamp=one + parse_instant(last),
        amount_minor=one,
        user=one,
        merchant=one,
        known_timestamp=one + NOT_KNOWN,
        is_fraud=one,
        user_names=NAMES,
        merchant_names=NAMES,
    )


@pytest.mark.parametrize(
    ("last", "as_of", "end"),
    [
        ("2025-03-06T23:59:59Z", "2025-03-07T02:00:00Z", "2025-03-07T00:00:00Z"),
        ("2025-03-07T01:59:59Z", "2025-03-07T02:00:00Z", "2025-03-07T00:00:00Z"),
        ("2025-02-25T12:00:00Z", "2025-03-07T02:00:00Z", "2025-02-26T00:00:00Z"),
    ],
)
def test_states_end_with_the_data_and_never_after_the_day_began(
    last: str, as_of: str, end: str
) -> None:
    assert end_of_data(dataset_until(last), parse_instant(as_of)) == parse_instant(end)
    assert parse_instant(end) % DAY_SECONDS == 0
