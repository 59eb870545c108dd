"""How much there is to learn about a change of the world, by the counts of labels."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.decisions.retraining import LabelsAfterChange
from mlops_platform.monitoring.profile_store import ProfileStore
from mlops_platform.profiles.profile import LABEL_DELAY_DAYS_BOUNDS, Profile
from mlops_platform.training.splits import KNOWN_SHARE, MAX_DELAY_DAYS, first_unfitted_day

# Right after a change only the fastest labels are there: the delay is measured on more.
_DELAY_MEASURED_OVER: Final = timedelta(days=28)
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True)
class LabelCounts:
    """Labels of some predictions, whichever bundle made them.

    Parameters
    ----------
    n_positive, n_negative
        How many.
    delay
        By `LABEL_DELAY_DAYS_BOUNDS`, int64 of shape (n_bounds + 1,).
    """

    n_positive: int
    n_negative: int
    delay: NDArray[np.int64]


def labels_after_change(
    profiles: ProfileStore, model_name: str, changed: date, today: date
) -> LabelsAfterChange:
    """Count the labels of predictions since a day which a training of today would be fitted on.

    What is newer than these is left to the test, which then lies wholly after the change.

    Parameters
    ----------
    profiles
        Where the counts lie.
    model_name
        Whose predictions.
    changed
        The first day after the change.
    today
        The day of the training.

    Raises
    ------
    CaptureConflictError
        The profiles were being rewritten whenever they were read.
    """
    all_labels = _count(profiles, model_name, changed - _DELAY_MEASURED_OVER, today)
    fit_end = first_unfitted_day((today - _EPOCH).days, label_delay_days(all_labels.delay))
    end = _EPOCH + timedelta(days=fit_end)
    labels = _count(profiles, model_name, changed, max(changed, end))
    return LabelsAfterChange(n_positive=labels.n_positive, n_negative=labels.n_negative)


def label_delay_days(delay: NDArray[np.int64]) -> int:
    """Return the days after which `KNOWN_SHARE` of the labels that came were there.

    Parameters
    ----------
    delay
        Counts by `LABEL_DELAY_DAYS_BOUNDS`; the bound above the share counts, in whole days.
    """
    if delay.sum() <= 0:
        return MAX_DELAY_DAYS
    reached = np.cumsum(delay) >= KNOWN_SHARE * delay.sum()
    bounds = (*LABEL_DELAY_DAYS_BOUNDS, MAX_DELAY_DAYS)
    return int(np.clip(np.ceil(bounds[int(np.argmax(reached))]), 1, MAX_DELAY_DAYS))


def _count(profiles: ProfileStore, model_name: str, first: date, end: date) -> LabelCounts:
    """Add up what was counted of a model from a day to the one before `end`."""
    empty = LabelCounts(0, 0, np.zeros(len(LABEL_DELAY_DAYS_BOUNDS) + 1, dtype=np.int64))
    merged = (
        profiles.merged(series, first.isoformat(), end.isoformat())
        for series in profiles.index.series_of(model_name)
    )
    return reduce(_add, (profile for profile in merged if profile is not None), empty)


def _add(counts: LabelCounts, profile: Profile) -> LabelCounts:
    counters = profile.counters
    return LabelCounts(
        n_positive=counts.n_positive + int(counters["positive"].sum()),
        n_negative=counts.n_negative + int(counters["negative"].sum()),
        delay=counts.delay + counters["label_delay"],
    )
