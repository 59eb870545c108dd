"""Incidents: what a model's drift has come to, and whether it has been told.

A model has at most one open incident of a kind. It lies at one place, written there by a condition,
so that two watchers open one; when it closes it moves to a place of its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
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
    retraining, retrained_at
        Name of the execution that was started because of it, and when; empty until then.
    """

    incident_id: str
    model_name: str
    kind: str
    bundle_uri: str
    opened_at: str
    detail: Mapping[str, Any]
    told_at: str = ""
    retraining: str = ""
    retrained_at: str = ""

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """Read an item of the monitoring table."""
        stored = dict(item)
        texts = {field.name: text(stored, field.name) for field in fields(cls)}
        return cls(**{**texts, "detail": json.loads(texts["detail"])})

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

    def last_retrained_at(self, model_name: str, kind: str) -> str:
        """Return when an incident, open or closed, had the model trained last; "" if none had."""
        items = self.table.query(_partition(model_name, kind))
        return max((text(item, "retrained_at") for item in items), default="")

    def mark_told(self, incident: Incident, at: str) -> None:
        """Remember that the bus has taken it; nothing happens if it is closed meanwhile."""
        self._mark(incident, told_at=at)

    def mark_retrained(self, incident: Incident, execution: str, at: str) -> None:
        """Remember which execution trains because of it; nothing happens if it is closed."""
        self._mark(incident, retraining=execution, retrained_at=at)

    def close(self, incident: Incident, at: str) -> bool:
        """Close an incident; False when somebody else has changed it since it was read."""
        partition = _partition(incident.model_name, incident.kind)
        closed = {
            **key(partition, f"closed#{at}#{incident.incident_id}"),
            **incident.to_item(),
            "closed_at": {"S": at},
        }
        delete = {
            "Key": key(partition, _OPEN),
            "ConditionExpression": (
                "incident_id = :id AND told_at = :told AND retrained_at = :retrained"
            ),
            "ExpressionAttributeValues": {
                ":id": {"S": incident.incident_id},
                ":told": {"S": incident.told_at},
                ":retrained": {"S": incident.retrained_at},
            },
        }
        return self.table.write([{"Put": {"Item": closed}}, {"Delete": delete}])

    def _mark(self, incident: Incident, **texts: str) -> None:
        """Set texts of an incident as long as it is open."""
        update = {
            "Key": key(_partition(incident.model_name, incident.kind), _OPEN),
            "UpdateExpression": "SET " + ", ".join(f"{name} = :{name}" for name in texts),
            "ConditionExpression": "incident_id = :id",
            "ExpressionAttributeValues": {
                ":id": {"S": incident.incident_id},
                **{f":{name}": {"S": value} for name, value in texts.items()},
            },
        }
        self.table.write([{"Update": update}])


def _partition(model_name: str, kind: str) -> str:
    return f"incident#{model_name}#{kind}"
