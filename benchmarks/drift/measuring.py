"""Ask the drift decision every day, as the schedule does, and count what it says."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fnmatch import fnmatch
from typing import Any, Final

import numpy as np

from benchmarks.drift.peers import Rule
from benchmarks.drift.worlds import AS_OF_DAY, FAULT_AFTER_DAYS, QUIET, Watched
from mlops_platform.config.models import model_named
from mlops_platform.data.world.faults import KINDS
from mlops_platform.decisions.drift import decide_drift
from mlops_platform.decisions.drift_decision import PERSISTENT_DAYS, SCORE, DriftDecision
from mlops_platform.profiles.profile import Profile

CALENDAR_AND_LIFETIME: Final = ("weekday", "is_weekend", "*_n_all", "*_frauds_all", "*_first")


@dataclass
class Quiet:
    """What was said without a fault, by day."""

    days: int = 0
    detections: int = 0
    pages: int = 0
    scores: list[float] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)

    def add(self, decision: DriftDecision) -> None:
        """Count one day's decision."""
        self.days += 1
        self.detections += decision.detected
        self.pages += decision.page
        self.scores.append(decision.model_drift_score)
        self.names.update(decision.named)


@dataclass
class Faulty:
    """What was said of one fault, by seed: days until it was found, and what was named."""

    detected_after: list[int | None] = field(default_factory=list)
    paged_after: list[int | None] = field(default_factory=list)
    named_right: list[int] = field(default_factory=list)
    named_wrong: list[int] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    surest: Counter[str] = field(default_factory=Counter)
    scores: list[float] = field(default_factory=list)

    def add(self, name: str, decisions: list[DriftDecision]) -> None:
        """Count one seed's decisions from the fault's first day on."""
        self.detected_after.append(_first(decisions, lambda d: d.detected))
        paged = _first(decisions, lambda d: d.page)
        self.paged_after.append(paged)
        if paged is None:
            return
        decision = decisions[paged - 1]
        named = [one for one in decision.named if one != SCORE]
        right = [n for n in named if any(fnmatch(n, p) for p in KINDS[name].inputs)]
        self.named_right.append(len(right))
        self.named_wrong.append(len(named) - len(right))
        self.wrong.update(set(named) - set(right))
        self.surest.update(decision.named[:1])
        self.scores.append(decision.model_drift_score)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures."""
        return {
            "worlds": len(self.detected_after),
            "detected_after_days": _tally(self.detected_after),
            "paged_after_days": _tally(self.paged_after),
            "inputs_named_rightly": float(np.mean(self.named_right or [0])),
            "inputs_named_wrongly": float(np.mean(self.named_wrong or [0])),
            "wrong": dict(self.wrong),
            "surest": dict(self.surest.most_common(3)),
            "drift_score": round(float(np.median(self.scores or [0])), 3),
        }


def watch_quiet(watched: Watched, quiet: Quiet) -> None:
    """Decide on every day of a quiet world."""
    for decision in _decisions(watched, QUIET, since=0):
        quiet.add(decision)


def watch_fault(watched: Watched, name: str, faulty: Faulty) -> None:
    """Decide on every day of a faulty world."""
    faulty.add(name, _decisions(watched, name, since=FAULT_AFTER_DAYS))


def peer_days(watched: Watched, name: str, days: slice, rule: Rule) -> list[bool]:
    """Return on which days of one world a rule finds drift in an input or the score."""
    reference = watched.reference
    spans = [
        span
        for input_name, span in reference.sections.items()
        if not any(fnmatch(input_name, pattern) for pattern in CALENDAR_AND_LIFETIME)
    ]
    return [
        any(rule(reference.counts[:, span], counts[span], len(spans)) for span in spans)
        for counts in watched.counts[name][days]
    ]


def _decisions(watched: Watched, name: str, since: int) -> list[DriftDecision]:
    """Return what each day's check decides on the days until then, from a day's number on."""
    profiles = _profiles(watched, name)
    days = sorted(profiles)
    return [
        decide_drift(
            watched.reference,
            {day: profiles[day] for day in days[max(0, i + 1 - PERSISTENT_DAYS) : i + 1]},
            label_inputs=model_named("fraud_detection").label_inputs,
        )
        for i in range(since, len(days))
    ]


def _profiles(watched: Watched, name: str) -> dict[date, Profile]:
    empty = Profile.empty(watched.reference)
    profiles = {}
    for number, counts in enumerate(watched.counts[name]):
        n = counts[watched.reference.sections[""]].sum(keepdims=True)
        profiles[AS_OF_DAY + timedelta(days=number)] = Profile(
            empty.bins_sha256, {**empty.counters, "bins": counts, "n": n}
        )
    return profiles


def _first(decisions: list[DriftDecision], holds: Callable[[DriftDecision], bool]) -> int | None:
    """Return the number of the first day, from 1, of which something holds."""
    return next((i for i, one in enumerate(decisions, start=1) if holds(one)), None)


def _tally(days: list[int | None]) -> dict[str, int]:
    counted = Counter("never" if day is None else str(day) for day in days)
    return dict(sorted(counted.items()))
