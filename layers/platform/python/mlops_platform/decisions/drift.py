"""Whether what a model sees, or what it answers, has moved away from its training."""

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from fnmatch import fnmatch
from typing import Final

import numpy as np

from mlops_platform.decisions.day_statistics import MEASURES, Calendar, Excess, excess
from mlops_platform.decisions.decision import Verdict
from mlops_platform.decisions.drift_decision import (
    DATA,
    PAGE_EFFECT,
    PERSISTENT_DAYS,
    PREDICTION,
    SCORE,
    TARGET,
    DriftDecision,
    Moved,
)
from mlops_platform.decisions.student_t import quantile
from mlops_platform.profiles.profile import Profile
from mlops_platform.profiles.reference import ReferenceProfile

SOURCE: Final = (
    "Prediction t of a day against the reference's days by weekday, its degrees of freedom counted "
    "in independent days (Bayley and Hammersley 1946), Bonferroni over inputs and measures; effect "
    "by Cliff 1993, 'Dominance statistics: ordinal analyses to answer ordinal questions'"
)
# The chance that a check without drift names anything. A page needs two such days, so even if one
# false day were always followed by another, 91 daily checks would page 0.46 times a quarter: the
# budget is one.
FALSE_ALARM_RATE: Final = 0.005
MIN_REFERENCE_DAYS: Final = 14
# Fewer values a day cannot show an effect worth a page: its sampling error alone is a third of it.
MIN_PREDICTIONS: Final = 300


def decide_drift(
    reference: ReferenceProfile,
    current: Mapping[date, Profile],
    *,
    label_inputs: Sequence[str] = (),
    false_alarm_rate: float = FALSE_ALARM_RATE,
) -> DriftDecision:
    """Decide on the last complete days of production.

    Parameters
    ----------
    reference
        Of the bundle that answered.
    current
        Whole UTC days with what was counted on them; the last `PERSISTENT_DAYS` are judged. A day
        of which only some hours came looks like a day without nights: leave it out.
    label_inputs
        Patterns of the inputs that are made of labels: `ModelConfig.label_inputs`.
    false_alarm_rate
        The chance that a check without drift names any input at all.

    Returns
    -------
    DriftDecision
        INCONCLUSIVE if the reference holds too few days or the last day too few predictions. An
        earlier day with too few of them proves no persistence, and so no page.
    """
    days = sorted(current)[-PERSISTENT_DAYS:]
    missing = _missing_evidence(reference, days, current)
    if missing:
        return DriftDecision(
            name="drift", verdict=Verdict.INCONCLUSIVE, summary=missing, source=SOURCE
        )
    judged = [day for day in days if current[day].n >= MIN_PREDICTIONS]
    counts = np.stack([current[day].counters["bins"] for day in judged])
    calendar = Calendar.of(reference.days, tuple(judged))
    rate = false_alarm_rate / (len(reference.sections) * len(MEASURES))
    moved = [
        _judge(
            name or SCORE,
            _kind(name, label_inputs),
            excess(reference.counts[:, span], counts[:, span], calendar),
            rate,
        )
        for name, span in reference.sections.items()
    ]
    moved.sort(key=lambda one: one.statistic / one.threshold, reverse=True)
    return _decided(tuple(moved), judged, current, false_alarm_rate)


def _missing_evidence(
    reference: ReferenceProfile, days: Sequence[date], current: Mapping[date, Profile]
) -> str:
    """Return why nothing can be decided, empty if it can."""
    if len(reference.days) < MIN_REFERENCE_DAYS:
        return (
            f"The reference holds {len(reference.days)} days, {MIN_REFERENCE_DAYS} are needed to "
            "know how much days differ. Train on a longer history."
        )
    if not days or current[days[-1]].n < MIN_PREDICTIONS:
        n = current[days[-1]].n if days else 0
        return (
            f"The last day holds {n} predictions, {MIN_PREDICTIONS} are needed. Nothing is decided "
            "until a day has them."
        )
    return ""


def _kind(name: str, label_inputs: Sequence[str]) -> str:
    """Return what kind of drift a move of an input, or of the score (no name), is."""
    if not name:
        return PREDICTION
    return TARGET if any(fnmatch(name, pattern) for pattern in label_inputs) else DATA


def _judge(name: str, kind: str, measured: Excess, rate: float) -> Moved:
    """Judge one input by the measure that moved most surely on the last day."""
    thresholds = np.array([_threshold(rate, int(n)) for n in measured.degrees_of_freedom])
    sureness = np.abs(measured.statistic) / thresholds
    measure = int(sureness[-1].argmax())
    effects = measured.effect[:, measure]
    lasting = (
        len(effects) == PERSISTENT_DAYS
        and bool((sureness[:, measure] >= 1).all())
        and len(set(np.sign(effects))) == 1
    )
    return Moved(
        name=name,
        kind=kind,
        measure=MEASURES[measure],
        detected=bool(sureness[-1, measure] >= 1),
        effect=float(effects[-1]),
        lasting_effect=float(np.abs(effects).min()) if lasting else 0.0,
        statistic=float(np.abs(measured.statistic[-1, measure])),
        threshold=float(thresholds[measure]),
        independent_days=int(measured.degrees_of_freedom[measure]),
    )


@functools.cache
def _threshold(rate: float, degrees_of_freedom: int) -> float:
    """Return the |t| that is exceeded at this rate."""
    return quantile(1 - rate / 2, degrees_of_freedom)


def _decided(
    moved: tuple[Moved, ...],
    days: Sequence[date],
    current: Mapping[date, Profile],
    false_alarm_rate: float,
) -> DriftDecision:
    """Put the judgements into words."""
    named = [one for one in moved if one.detected]
    listed = ", ".join(f"{one.name} ({one.measure} {one.effect:+.2f})" for one in named[:5])
    more = f" and {len(named) - 5} more" if len(named) > 5 else ""  # noqa: PLR2004 - as listed
    n = current[days[-1]].n
    sentence = (
        f"On {days[-1]} ({n} predictions) {len(named)} of {len(moved)} inputs and scores moved: "
        f"{listed}{more}."
        if named
        else f"On {days[-1]} ({n} predictions) nothing moved beyond what days differ by."
    )
    return DriftDecision(
        name="drift",
        verdict=Verdict.FAIL if named else Verdict.PASS,
        summary=sentence,
        evidence={
            "days": [day.isoformat() for day in days],
            "predictions": [current[day].n for day in days],
            "false_alarm_rate": false_alarm_rate,
            "page_effect": PAGE_EFFECT,
        },
        source=SOURCE,
        moved=moved,
    )
