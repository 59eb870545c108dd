"""A graph that answers otherwise is refused."""

import numpy as np
import pytest

from mlops_platform.bundle.parity import check_parity
from mlops_platform.errors import ParityError

SCORES = np.array([0.1, 0.5, 0.9], dtype=np.float32)


def test_rounding_is_tolerated_and_told() -> None:
    assert check_parity(SCORES, SCORES + np.float32(5e-7)) == pytest.approx(5e-7, rel=0.3)


@pytest.mark.parametrize("wrong", [SCORES + np.float32(1e-3), np.array([0.1, np.nan, 0.9])])
def test_a_real_difference_or_nan_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(ParityError):
        check_parity(SCORES, wrong.astype(np.float32))
