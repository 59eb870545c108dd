"""What people are told about an incident, made from an event of the platform's bus."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

Severity = Literal["critical", "warning"]
Detail = Mapping[str, Any]

DRIFT_DETECTED: Final = "Drift Detected"
RELEASE_FAILED: Final = "Release Failed"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One incident as people read it.

    Parameters
    ----------
    incident_id
        The same for every event of one incident; each channel tells it once.
    model_name
        Whose incident it is.
    title
        One line.
    text
        What happened and what to do.
    severity
        ``critical`` if predictions may be wrong now, else ``warning``.
    time
        When it was noticed.
    detail
        Facts by their names, in the order in which they are shown.
    """

    incident_id: str
    model_name: str
    title: str
    text: str
    severity: Severity
    time: datetime
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> str:
        """The text with the facts below it, one a line."""
        facts = {
            **self.detail,
            "severity": self.severity,
            "time": self.time.isoformat(),
            "incident": self.incident_id,
        }
        return "\n".join([self.text, "", *(f"{name}: {value}" for name, value in facts.items())])


def alert_from_event(event: Mapping[str, Any], environment: str) -> Alert:
    """Return what an event of the bus has to tell.

    Parameters
    ----------
    event
        As EventBridge delivers it.
    environment
        Where it happened; it heads the title.

    Raises
    ------
    ValueError
        No alert is written for events of this kind, or its time cannot be read.
    KeyError
        The event lacks what an alert cannot do without.
    """
    kind = str(event["detail-type"])
    if kind not in _WRITERS:
        raise ValueError(
            f"No alert is written for {kind!r}, only for {', '.join(_WRITERS)}. "
            "Take it out of the rule's pattern, or write what it should say."
        )
    alert = _WRITERS[kind](event["detail"], datetime.fromisoformat(event["time"]))
    # A header of an e-mail holds one line.
    title = " ".join(f"[{environment}] {alert.title}".split())
    return Alert(**{**vars(alert), "title": title})


def _drift(detail: Detail, time: datetime) -> Alert:
    """Write of drift; what only describes it may be missing, the alert goes out all the same."""
    model_name = str(detail["model_name"])
    named = ", ".join(map(str, detail.get("named", ()))) or "none by itself"
    scores = detail.get("drift_scores", {})
    facts = {
        "model": model_name,
        "version": str(detail.get("semantic_version", "unknown")),
        "day": str(detail.get("day", "unknown")),
        "model_drift_score": str(detail["model_drift_score"]),
        **{f"drift of {kind}": str(score) for kind, score in scores.items()},
        "what moved, the surest first": named,
    }
    return Alert(
        incident_id=str(detail["incident_id"]),
        model_name=model_name,
        title=f"{model_name}: drift detected",
        text=(
            f"What {model_name} sees in production no longer is what it was trained on. Check the "
            "named inputs for a broken source first. If the world has changed, the model is "
            "trained again by itself once enough labels from after the change have come; "
            f"`mlops drift {model_name}` shows how it stands."
        ),
        severity="critical",
        time=time,
        detail=facts,
    )


def _failed_release(detail: Detail, time: datetime) -> Alert:
    model_name, execution = str(detail["model_name"]), str(detail["execution"])
    facts = {
        "model": model_name,
        "version": str(detail.get("version", "unknown")),
        "error": str(detail.get("error", "unknown")),
        "reason": str(detail.get("reason", "unknown")),
        "cause of the release": str(detail.get("cause", "unknown")),
        "requested by": str(detail.get("requested_by", "unknown")),
        "execution": execution,
    }
    return Alert(
        # One execution fails once.
        incident_id=execution,
        model_name=model_name,
        title=f"{model_name}: release failed",
        text=(
            f"A release of {model_name} failed; what it had changed was taken back unless somebody "
            f"else changed it since. `mlops history {model_name}` shows what serves now."
        ),
        severity="warning",
        time=time,
        detail=facts,
    )


_WRITERS: Final[Mapping[str, Callable[[Detail, datetime], Alert]]] = {
    DRIFT_DETECTED: _drift,
    RELEASE_FAILED: _failed_release,
}
