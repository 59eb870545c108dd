"""A model's drift over some days: what was decided, and what has come of it."""

from datetime import date, timedelta
from typing import Any, Final

from mlops_platform.errors import RequestValidationError
from mlops_platform.monitoring.drift_verdicts import DriftVerdicts
from mlops_platform.monitoring.incident import DRIFT, Incident, Incidents
from mlops_platform.monitoring.monitoring_table import MonitoringTable

_DEFAULT_SPAN: Final = timedelta(days=14)
# A quarter. A verdict of 85 inputs takes 17 KB, and a function's answer may take 6 MB.
MAX_VERDICTS: Final = 92
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
        ``model_name``; ``verdicts``, the newest first, at most `MAX_VERDICTS` of them (see
        `DriftDecision.to_dict`); ``since``, the day from which on these are all, a later one than
        was asked for where those would be too many; ``latest``, the newest verdict, however old it
        is, None if there is none; ``incident``, the open one, None if there is none.

    Raises
    ------
    RequestValidationError
        `since` is no day.
    """
    first = today - _DEFAULT_SPAN if since is None else _day(since)
    stored = DriftVerdicts(table)
    verdicts = stored.since(model_name, first, MAX_VERDICTS)
    latest = verdicts[:1] or stored.since(model_name, date.min, 1)
    if len(verdicts) == MAX_VERDICTS:
        first = _day(verdicts[-1]["day"])
    incident = Incidents(table).current(model_name, DRIFT)
    return {
        "model_name": model_name,
        "since": first.isoformat(),
        "latest": latest[0] if latest else None,
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
