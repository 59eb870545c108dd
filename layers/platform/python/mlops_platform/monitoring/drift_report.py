"""A model's drift over some days: what was decided, and what has come of it."""

from datetime import date, timedelta
from typing import Any, Final

from mlops_platform.errors import RequestValidationError
from mlops_platform.monitoring.drift_verdicts import DriftVerdicts
from mlops_platform.monitoring.incident import DRIFT, Incident, Incidents
from mlops_platform.monitoring.monitoring_table import MonitoringTable

_DEFAULT_SPAN: Final = timedelta(days=14)
_INCIDENT: Final = ("incident_id", "opened_at", "told_at", "retraining", "retrained_at")


def report_drift(
    table: MonitoringTable, model_name: str, since: str | None, today: date
) -> dict[str, Any]:
    """Report the verdicts on a model's days and its open incident.

    Parameters
    ----------
    table
        Where verdicts and incidents lie.
    model_name
        The model.
    since
        The first day, such as ``2026-03-01``; two weeks ago unless given.
    today
        The day from which these two weeks are counted.

    Returns
    -------
    dict
        ``model_name``, ``since``, ``latest`` (the newest verdict, None if there is none),
        ``verdicts`` (the newest first; see `DriftDecision.to_dict`) and ``incident`` (the open
        one, None if there is none).

    Raises
    ------
    RequestValidationError
        `since` is no day.
    """
    first = today - _DEFAULT_SPAN if since is None else _day(since)
    verdicts = DriftVerdicts(table).since(model_name, first)
    incident = Incidents(table).current(model_name, DRIFT)
    return {
        "model_name": model_name,
        "since": first.isoformat(),
        "latest": verdicts[0] if verdicts else None,
        "verdicts": verdicts,
        "incident": None if incident is None else _shown(incident),
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is no day; give one such as 2026-03-01."
        raise RequestValidationError([{"field": "since", "message": message}]) from error


def _shown(incident: Incident) -> dict[str, Any]:
    """Return an incident as callers see it; what has not happened yet is None."""
    texts = {name: getattr(incident, name) or None for name in _INCIDENT}
    return {**texts, "detail": dict(incident.detail)}
