import json
from datetime import date

import numpy as np
import pytest

from mlops_platform.errors import ProfileError
from mlops_platform.profiles.reference import ReferenceProfile
from tests.unit.profiles.small_reference import N_ROWS, NAMES, rows_and_scores, small_reference


def test_each_day_counts_its_own_rows() -> None:
    rows, scores = rows_and_scores(0)
    reference = small_reference()

    assert reference.days == (date(2025, 1, 6), date(2025, 1, 7), date(2025, 1, 8))
    for number in range(3):
        own = np.arange(N_ROWS) % 3 == number
        for index, name in enumerate(NAMES):
            counts = reference.counts[number, reference.sections[name]]
            assert counts.tolist() == reference.inputs[name].counts(rows[own, index]).tolist()
        counts = reference.counts[number, reference.sections[""]]
        assert counts.tolist() == reference.score.counts(scores[own]).tolist()


def test_the_file_is_read_back_and_is_the_same_bytes_for_the_same_data() -> None:
    content = small_reference().to_bytes()
    again = ReferenceProfile.from_bytes(content)

    assert again.to_bytes() == content == small_reference().to_bytes()
    assert again.bins_sha256 == small_reference().bins_sha256
    assert small_reference(seed=1).bins_sha256 != again.bins_sha256


@pytest.mark.parametrize(
    "change",
    [{"schema_version": 9}, {"counts": [[1]]}, {"days": ["2025-01-06"]}, {"inputs": None}],
)
def test_a_damaged_file_is_refused(change: dict[str, object]) -> None:
    document = json.loads(small_reference().to_bytes()) | change

    with pytest.raises(ProfileError, match="Train the model again"):
        ReferenceProfile.from_bytes(json.dumps(document).encode())
