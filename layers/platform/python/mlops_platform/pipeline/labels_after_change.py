"""How much there is to learn about a change of the world, by the counts of labels."""

from datetime import date, timedelta
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
_NO_LABELS: Final = np.zeros(len(LABEL_DELAY_DAYS_BOUNDS) + 1, dtype=np.int64)


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
    counted = _by_day(profiles, model_name, changed - _DELAY_MEASURED_OVER, today)
    delay = sum((profile.counters["label_delay"] for _, profile in counted), start=_NO_LABELS)
    fit_end = first_unfitted_day((today - _EPOCH).days, label_delay_days(delay))
    end = _EPOCH + timedelta(days=fit_end)
    learnt = [profile for day, profile in counted if changed <= day < end]
    return LabelsAfterChange(
        n_positive=sum(int(profile.counters["positive"].sum()) for profile in learnt),
        n_negative=sum(int(profile.counters["negative"].sum()) for profile in learnt),
    )


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


def _by_day(
    profiles: ProfileStore, model_name: str, first: date, end: date
) -> list[tuple[date, Profile]]:
    """Return the days' profiles of all bundles of a model."""
    return [
        counted
        for series in profiles.index.series_of(model_name)
        for counted in profiles.by_day(series, first, end).items()
    ]
