"""Ask the scheduled watch about a day, and compare what it names with what has truly changed."""

import time
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatch
from typing import Any, Final

from benchmarks.demo.admin import Admin
from benchmarks.demo.plan import CHANGE, DRIFT_TIME, MODEL, at
from mlops_platform.decisions.drift_decision import SCORE
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES
from mlops_platform.sdk.drift_detector import DriftDetector

_TIMEOUT_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.1


@dataclass(frozen=True)
class DriftChecks:
    """Checks of the schedule.

    Parameters
    ----------
    detector
        The platform's verdicts.
    admin
        The local cloud, whose schedules can be fired.
    """

    detector: DriftDetector
    admin: Admin

    def check(self, day: date) -> dict[str, Any]:
        """Let the watch judge a day that has just ended; return its verdict.

        Raises
        ------
        RuntimeError
            There was no verdict in time.
        """
        self.admin.fire_schedule("HourlyDrift", at(day + timedelta(days=1), DRIFT_TIME))
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            for verdict in self.detector.verdicts(MODEL, day)["verdicts"]:
                if verdict["day"] == day.isoformat():
                    return dict(verdict)
            time.sleep(_POLL_SECONDS)
        raise RuntimeError(
            f"There was no verdict on {day} within {_TIMEOUT_SECONDS:.0f} s; the log of "
            "detect_drift says why."
        )

    def incident(self) -> dict[str, Any]:
        """Return the open incident.

        Raises
        ------
        RuntimeError
            There is none.
        """
        incident: dict[str, Any] | None = self.detector.verdicts(MODEL)["incident"]
        if incident is None:
            raise RuntimeError(f"Nobody was paged of {CHANGE.name}; `mlops drift` says why.")
        return incident


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found of a change of the world.

    Parameters
    ----------
    before, after
        The verdicts on the last day before it, and on the last one that was watched.
    incident
        What was opened because of it.
    checked_at
        `time.monotonic` when the check began that opened it.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    incident: dict[str, Any]
    checked_at: float

    def to_dict(self) -> dict[str, Any]:
        """Return the verdicts, the alarm, and the inputs named beside those truly changed."""
        named = [name for name in self.after["named"] if name != SCORE]
        return {
            "fault": CHANGE.name,
            "since": CHANGE.since.isoformat(),
            "before": _outline(self.before),
            "after": _outline(self.after),
            "alarm": {key: self.incident[key] for key in ("incident_id", "opened_at")},
            "features_named": named,
            "features_truly_changed": [name for name in FEATURE_NAMES if _changes(name)],
            "wrongly_named": [name for name in named if not _changes(name)],
        }


def _outline(verdict: dict[str, Any]) -> dict[str, Any]:
    return {
        key: verdict[key] for key in ("day", "verdict", "detected", "page", "model_drift_score")
    }


def _changes(name: str) -> bool:
    """Whether the fault truly changes an input of the model."""
    return any(fnmatch(name, pattern) for pattern in CHANGE.kind.inputs)
