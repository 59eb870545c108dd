"""A model's performance over a period, by version and, as far as that adds up, altogether."""

from datetime import datetime, timedelta
from typing import Any, Final

from mlops_platform.errors import RequestValidationError
from mlops_platform.monitoring.performance import measure
from mlops_platform.monitoring.profile_store import ProfileStore
from mlops_platform.profiles.profile import Profile

# An hour and a day are asked for by hours, the others by whole days, to the end of today.
PERIODS: Final = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
_BY_HOURS: Final = ("hour", "day")
# What versions have in common whatever their bins are.
_COMMON: Final = ("n", "n_degraded", "compute_ms", "label_delay", "confusion")
_BINNED: Final = ("average_precision", "auc_roc")


def report_performance(
    profiles: ProfileStore, model_name: str, period: str, now: datetime
) -> dict[str, Any]:
    """Report what was predicted in the last hour, day, week or month, and how well.

    Parameters
    ----------
    profiles
        Where the counts lie.
    model_name
        The model.
    period
        One of `PERIODS`. Predictions belong to it by when they happened; their labels count
        whenever they came.
    now
        The moment before which the period ends; its hour, or its day, is part of the period.

    Raises
    ------
    RequestValidationError
        There is no such period.
    CaptureConflictError
        The profiles were being rewritten whenever they were read.
    """
    first, end = _bounds(period, now)
    merged = {
        (series.bundle_sha256, version): profiles.merged(series, first, end)
        for series, version in sorted(profiles.index.series_of(model_name).items())
    }
    known = {name: profile for name, profile in merged.items() if profile is not None}
    return {
        "model_name": model_name,
        "period": period,
        "from": first,
        "to": end,
        **_altogether(list(known.values())),
        "versions": [
            {"model_version": version, "bundle_sha256": sha256, **measure(profile)}
            for (sha256, version), profile in known.items()
        ],
    }


def _bounds(period: str, now: datetime) -> tuple[str, str]:
    """Return the first hour or day of a period and the first one after it."""
    if period not in PERIODS:
        message = f"{period!r} is no period; use one of {', '.join(PERIODS)}."
        raise RequestValidationError([{"field": "period", "message": message}])
    by_hours = period in _BY_HOURS
    unit = timedelta(hours=1) if by_hours else timedelta(days=1)
    spelling = "%Y-%m-%dT%H" if by_hours else "%Y-%m-%d"
    first = now + unit - PERIODS[period]
    return first.strftime(spelling), (now + unit).strftime(spelling)


def _altogether(profiles: list[Profile]) -> dict[str, Any]:
    """Measure all versions together; curves only of a single one, whose bins are its own."""
    if len(profiles) == 1:
        return measure(profiles[0])
    if not profiles:
        return {"predictions": 0, "labelled": 0}
    summed = {name: sum(p.counters[name] for p in profiles) for name in _COMMON}
    # Bins differ between versions, their sums do not: one bin for each label.
    by_label = {
        name: sum(p.counters[name].sum(keepdims=True) for p in profiles)
        for name in ("positive", "negative")
    }
    measured = measure(Profile("", {**summed, **by_label}))  # type: ignore[dict-item]
    return {**measured, **dict.fromkeys(_BINNED)}
