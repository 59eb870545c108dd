import numpy as np
import pytest

from mlops_platform.errors import TrainingDataError
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.training.splits import label_delay_days, split_by_time

FIRST = 20_000 * DAY_SECONDS


@pytest.mark.parametrize("n_days", [40, 60, 75, 200])
@pytest.mark.parametrize("delay", [1, 4, 7])
def test_every_window_ends_a_label_delay_before_the_next_begins(n_days: int, delay: int) -> None:
    split = split_by_time(FIRST, FIRST + n_days * DAY_SECONDS + 7200, delay)
    gap = delay * DAY_SECONDS
    assert FIRST < split.train_end == split.validation_start - gap
    assert split.validation_start < split.validation_end == split.test_start - gap
    assert split.test_start < split.test_end
    assert split.test_end + gap == (FIRST + n_days * DAY_SECONDS)


def test_windows_share_no_row() -> None:
    split = split_by_time(FIRST, FIRST + 60 * DAY_SECONDS, 7)
    at = np.arange(FIRST, FIRST + 60 * DAY_SECONDS, 3600)
    windows = np.array([split.train(at), split.validation(at), split.test(at)])
    assert windows.any(axis=1).all()
    assert windows.sum(axis=0).max() == 1
    assert not (split.refit(at) & split.test(at)).any()


def test_too_few_days_say_how_many_are_needed() -> None:
    with pytest.raises(TrainingDataError, match=r"There are 12 days .* 30 are needed"):
        split_by_time(FIRST, FIRST + 12 * DAY_SECONDS, 7)


def test_the_delay_is_that_after_which_most_labels_are_there() -> None:
    at = np.zeros(100, dtype=np.int64)
    known = np.r_[np.full(85, DAY_SECONDS // 2), np.full(15, 3 * DAY_SECONDS + 5)]
    assert label_delay_days(at, known) == 4
    assert label_delay_days(at[:80], known[:80]) == 1


def test_without_a_known_label_there_is_nothing_to_learn_from() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    with pytest.raises(TrainingDataError, match="No label is known"):
        label_delay_days(nothing, nothing)
