"""What has a schedule in this cloud: EventBridge rules and EventBridge Scheduler's schedules."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from moto.events.models import Rule, events_backends
from moto.scheduler.models import scheduler_backends

from local_cloud.clock import format_instant
from local_cloud.events.delivery import Delivery
from local_cloud.events.rules import deliver_event


@dataclasses.dataclass(frozen=True)
class Scheduled:
    """One enabled schedule.

    Attributes
    ----------
    name, arn
        Of the rule or schedule.
    expression, zone
        When it is due.
    not_before, not_after
        Bounds of a schedule with start or end; None without.
    fire
        Delivers to the targets as of a due time and returns once each has taken it or failed.
    """

    name: str
    arn: str
    expression: str
    zone: str
    not_before: dt.datetime | None
    not_after: dt.datetime | None
    fire: Callable[[dt.datetime], None]


def list_scheduled(account: str, region: str, delivery: Delivery) -> list[Scheduled]:
    """Return every enabled schedule of the account and region."""
    buses = events_backends[account][region].event_buses.values()
    rules = [
        _from_rule(rule, delivery)
        for bus in list(buses)
        for rule in list(bus.rules.values())
        if rule.scheduled_expression and rule.state == "ENABLED"
    ]
    groups = scheduler_backends[account][region].schedule_groups.values()
    schedules = [
        _from_schedule(schedule, delivery)
        for group in list(groups)
        for schedule in list(group.schedules.values())
        if schedule.state == "ENABLED"
    ]
    return rules + schedules


def _from_rule(rule: Rule, delivery: Delivery) -> Scheduled:
    def fire(due: dt.datetime) -> None:
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": rule.account_id,
            "time": format_instant(due),
            "region": rule.region_name,
            "resources": [rule.arn],
            "detail": {},
        }
        for taken in deliver_event(delivery, rule, event):
            taken.result()

    expression = str(rule.scheduled_expression)
    return Scheduled(rule.name, rule.arn, expression, "UTC", None, None, fire)


def _from_schedule(schedule: Any, delivery: Delivery) -> Scheduled:
    def fire(due: dt.datetime) -> None:
        payload = schedule.target.get("Input", "{}")
        for name, value in {
            "scheduled-time": format_instant(due),
            "schedule-arn": schedule.arn,
            "execution-id": str(uuid.uuid4()),
            "attempt-number": "1",
        }.items():
            payload = payload.replace(f"<aws.scheduler.{name}>", value)
        delivery.submit(schedule.target, payload, schedule.arn).result()

    return Scheduled(
        schedule.name,
        schedule.arn,
        schedule.schedule_expression,
        schedule.schedule_expression_timezone,
        _instant(schedule.start_date),
        _instant(schedule.end_date),
        fire,
    )


def _instant(epoch: float | str | None) -> dt.datetime | None:
    return None if epoch is None else dt.datetime.fromtimestamp(float(epoch), dt.UTC)
