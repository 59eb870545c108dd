"""What churn makes of a user's counts."""

import numpy as np

from mlops_platform.models.churn.features import USUAL_SHARE, feature_rows


def test_who_never_paid_changed_nothing() -> None:
    (row,) = feature_rows(np.array([400.0]), np.zeros(1), np.zeros(1))

    assert row[2] == np.float32(USUAL_SHARE)


def test_a_row_is_the_same_alone_and_among_others() -> None:
    counts = np.random.default_rng(0).integers(0, 90, size=(3, 50)).astype(np.float64)

    rows = feature_rows(*counts)

    for place in range(50):
        assert feature_rows(*counts[:, [place]])[0].tolist() == rows[place].tolist()
