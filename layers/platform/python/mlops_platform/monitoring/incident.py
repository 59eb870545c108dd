"""Incidents: what a model's drift has come to, and whether it has been told.

A model has at most one open incident of a kind. It lies at one place, written there by a condition,
so that two watchers open one; when it closes it moves to a place of its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from mlops_platform.monitoring.monitoring_table import Item, MonitoringTable, key, text

DRIFT: Final = "drift"
_OPEN: Final = "open"


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One incident.

    Parameters
    ----------
    incident_id
        Its name, from its first detection; the same ever after.
    model_name, kind
        What it is about; `DRIFT` is the kind of drift.
    bundle_uri
        The bundle that it is about, as the routing names it.
    opened_at
        The watcher's moment, ISO 8601.
    detail
        What is told of it, the same each time.
    told_at
        When the event bus had taken it; empty until then.
    """

    incident_id: str
    model_name: str
    kind: str
    bundle_uri: str
    opened_at: str
    detail: Mapping[str, Any]
    told_at: str = ""

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """Read an item of the monitoring table."""
        stored = dict(item)
        names = ("incident_id", "model_name", "kind", "bundle_uri", "opened_at", "told_at")
        texts = {name: text(stored, name) for name in names}
        return cls(**texts, detail=json.loads(text(stored, "detail")))

    def to_item(self) -> Item:
        """Return the attributes besides the key."""
        texts = {**vars(self), "detail": json.dumps(self.detail, sort_keys=True)}
        return {name: {"S": value} for name, value in texts.items()}


@dataclass(frozen=True)
class Incidents:
    """Reads and writes incidents; they are kept for good."""

    table: MonitoringTable

    def current(self, model_name: str, kind: str) -> Incident | None:
        """Return the open incident, None if there is none."""
        items = self.table.read([(_partition(model_name, kind), _OPEN)])
        return Incident.from_item(items[0]) if items else None

    def open(self, incident: Incident) -> bool:
        """Open an incident; False when one is open already."""
        place = key(_partition(incident.model_name, incident.kind), _OPEN)
        put = {
            "Item": {**place, **incident.to_item()},
            "ConditionExpression": "attribute_not_exists(place)",
        }
        return self.table.write([{"Put": put}])

    def mark_told(self, incident: Incident, at: str) -> None:
        """Remember that the bus has taken it; nothing happens if it is closed meanwhile."""
        update = {
            "Key": key(_partition(incident.model_name, incident.kind), _OPEN),
            "UpdateExpression": "SET told_at = :at",
            "ConditionExpression": "incident_id = :id",
            "ExpressionAttributeValues": {":at": {"S": at}, ":id": {"S": incident.incident_id}},
        }
        self.table.write([{"Update": update}])

    def close(self, incident: Incident, at: str) -> bool:
        """Close an incident; False when somebody else has closed or told it since it was read."""
        partition = _partition(incident.model_name, incident.kind)
        closed = {
            **key(partition, f"closed#{at}#{incident.incident_id}"),
            **incident.to_item(),
            "closed_at": {"S": at},
        }
        delete = {
            "Key": key(partition, _OPEN),
            "ConditionExpression": "incident_id = :id AND told_at = :told",
            "ExpressionAttributeValues": {
                ":id": {"S": incident.incident_id},
                ":told": {"S": incident.told_at},
            },
        }
        return self.table.write([{"Put": {"Item": closed}}, {"Delete": delete}])


def _partition(model_name: str, kind: str) -> str:
    return f"incident#{model_name}#{kind}"
