"""The watch over drift: whole days are judged, and what pages becomes an incident, told once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

from mlops_platform.bundle.location import bundle_prefix
from mlops_platform.config.models import model_named
from mlops_platform.decisions.decision import Verdict
from mlops_platform.decisions.drift import decide_drift
from mlops_platform.decisions.drift_decision import PERSISTENT_DAYS, DriftDecision
from mlops_platform.errors import EventNotTakenError
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.drift_verdicts import DriftVerdicts
from mlops_platform.monitoring.incident import DRIFT, Incident, Incidents
from mlops_platform.monitoring.profile_store import MIN_HOURS, ProfileStore
from mlops_platform.monitoring.reference_profiles import ReferenceProfiles
from mlops_platform.observability.logging import logger

EVENT_SOURCE: Final = "selfmonitor.monitoring"
DRIFT_DETECTED: Final = "Drift Detected"


class ServingBundle(NamedTuple):
    """A bundle with a share of traffic, as the routing names it."""

    bundle_uri: str
    semantic_version: str


class Serving(NamedTuple):
    """What serves of a model since which revision of its routing."""

    revision: int
    bundles: Sequence[ServingBundle]


class Judged(NamedTuple):
    """A bundle and the decision on it."""

    bundle: ServingBundle
    decision: DriftDecision


@dataclass(frozen=True, kw_only=True)
class DriftWatch:
    """Judges the bundles that serve.

    Parameters
    ----------
    profiles, references
        What was counted, and what it is compared with.
    events
        The boto3 client of the event bus.
    event_bus
        Its name.
    """

    profiles: ProfileStore
    references: ReferenceProfiles
    events: Any
    event_bus: str

    def watch(self, model_name: str, serving: Serving, now: datetime) -> dict[str, Any]:
        """Judge yesterday, and tell of a drift that lasts.

        Who dies on the way loses nothing: the same call does what is left. An incident is told
        before that is remembered, so a death in between tells it again, under the same id.

        Parameters
        ----------
        model_name, serving
            Whose bundles are judged. Of several the one that drifted furthest counts.
        now
            The moment of the watch; the UTC day before it is judged.

        Returns
        -------
        dict
            The verdict on that day; ``incident_id`` is that of the open incident.

        Raises
        ------
        BundleIntegrityError, ProfileError
            A bundle's reference profile cannot be read.
        CaptureConflictError
            The profiles were being rewritten whenever they were read.
        EventNotTakenError
            The bus refused the event; the next watch tells it.
        """
        now = now.astimezone(UTC)
        yesterday = now.date() - timedelta(days=1)
        incidents = Incidents(self.profiles.table)
        self._close_superseded(incidents, model_name, serving, now)
        judged = [Judged(b, self._decide(model_name, b, yesterday)) for b in serving.bundles]
        worst = max(judged, key=_severity)
        verdict = _verdict(model_name, worst, yesterday)
        DriftVerdicts(self.profiles.table).store(model_name, yesterday, verdict)
        if worst.decision.page:
            incidents.open(_incident(worst.bundle, verdict, serving.revision, now))
        incident = incidents.current(model_name, DRIFT)
        self._tell(incidents, incident, now)
        incident_id = incident.incident_id if incident else None
        logger.info(
            "drift judged",
            extra={"model": model_name, "decision": verdict["summary"], "incident_id": incident_id},
        )
        return {**verdict, "incident_id": incident_id}

    def _close_superseded(
        self, incidents: Incidents, model_name: str, serving: Serving, now: datetime
    ) -> None:
        """Close the incident about a bundle that serves no more; a quiet day closes nothing.

        It is told first if it was not: whoever acts on incidents hears of each.
        """
        incident = incidents.current(model_name, DRIFT)
        if incident and incident.bundle_uri not in {b.bundle_uri for b in serving.bundles}:
            incidents.close(self._tell(incidents, incident, now) or incident, now.isoformat())

    def _decide(self, model_name: str, bundle: ServingBundle, last: date) -> DriftDecision:
        """Decide on one bundle's last whole days."""
        series = next(
            (s for s in self.profiles.index.series_of(model_name) if _is_of(s, bundle)), None
        )
        if series is None:
            return _undecided(f"No prediction of {bundle.semantic_version} has been counted yet.")
        first = last - timedelta(days=PERSISTENT_DAYS - 1)
        days = self.profiles.whole_days(series, first, last + timedelta(days=1))
        if last not in days:
            return _undecided(
                f"On {last} {bundle.semantic_version} was counted in fewer than {MIN_HOURS} hours; "
                "part of a day cannot be compared with whole days."
            )
        label_inputs = model_named(model_name).label_inputs
        return decide_drift(self.references.of(series), days, label_inputs=label_inputs)

    def _tell(
        self, incidents: Incidents, incident: Incident | None, now: datetime
    ) -> Incident | None:
        """Put an incident on the bus unless it was told; return it as it is then."""
        if incident is None or incident.told_at:
            return incident
        entry = {
            "EventBusName": self.event_bus,
            "Source": EVENT_SOURCE,
            "DetailType": DRIFT_DETECTED,
            "Time": datetime.fromisoformat(incident.opened_at),
            "Detail": json.dumps(incident.detail),
        }
        answer = self.events.put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise EventNotTakenError(
                f"The event bus refused {DRIFT_DETECTED!r} of {incident.incident_id}: "
                f"{answer['Entries'][0].get('ErrorMessage')}. The next watch tells it again."
            )
        incidents.mark_told(incident, now.isoformat())
        return replace(incident, told_at=now.isoformat())


def _is_of(series: Series, bundle: ServingBundle) -> bool:
    return bundle.bundle_uri.endswith("/" + bundle_prefix(*series))


def _severity(judged: Judged) -> tuple[bool, float, bool, bool]:
    decision = judged.decision
    decided = decision.verdict is not Verdict.INCONCLUSIVE
    return decision.page, decision.model_drift_score, decision.detected, decided


def _undecided(why: str) -> DriftDecision:
    return DriftDecision(name="drift", verdict=Verdict.INCONCLUSIVE, summary=why)


def _verdict(model_name: str, judged: Judged, day: date) -> dict[str, Any]:
    """Return what is stored of a decision."""
    return {
        **judged.decision.to_dict(),
        "model_name": model_name,
        "day": day.isoformat(),
        "semantic_version": judged.bundle.semantic_version,
        "named": list(judged.decision.named),
    }


def _incident(
    bundle: ServingBundle, verdict: dict[str, Any], revision: int, now: datetime
) -> Incident:
    """Return the incident that a verdict opens."""
    model_name = verdict["model_name"]
    # With the revision: a bundle that comes back on the same day is an incident of its own.
    incident_id = f"{model_name}-{DRIFT}-{verdict['day']}-r{revision}"
    told = ("model_name", "day", "model_drift_score", "drift_scores", "named", "semantic_version")
    return Incident(
        incident_id=incident_id,
        model_name=model_name,
        kind=DRIFT,
        bundle_uri=bundle.bundle_uri,
        opened_at=now.isoformat(),
        detail={"incident_id": incident_id, **{name: verdict[name] for name in told}},
    )
