"""EventBridge rules deliver matching events to every target.

moto delivers to four kinds of target, inside the caller of PutEvents, and raises there for others.
"""

import copy
import datetime as dt
from concurrent.futures import Future
from typing import Any

from moto.events.models import Rule

from local_cloud.clock import format_instant
from local_cloud.events.delivery import Delivery
from local_cloud.events.target_input import Event, render
from local_cloud.patching import replace


def deliver_event(delivery: Delivery, rule: Rule, event: Event) -> list[Future[bool]]:
    """Start the delivery of one event to all targets of a rule."""
    facts = {"arn": rule.arn, "name": rule.name, "ingestion-time": event["time"]}
    return [
        delivery.submit(target, render(target, event, facts), rule.arn)
        for target in list(rule.targets)
    ]


def _as_sent(original: Any) -> Event:
    event = copy.deepcopy(dict(original))
    event.pop("ingestion-time", None)
    if isinstance(event.get("time"), (int, float)):
        event["time"] = format_instant(dt.datetime.fromtimestamp(event["time"], dt.UTC))
    return event


def install(delivery: Delivery) -> None:
    """Let rules deliver through `delivery`."""
    moto_send = Rule.send_to_targets

    def send_to_targets(self: Rule, original_event: Any, transform_input: bool = True) -> None:  # noqa: FBT001, FBT002 (moto's signature)
        if self.managed_by or not transform_input:
            # Archives are moto's own managed rules.
            moto_send(self, original_event, transform_input)
            return
        matches_nothing = self.scheduled_expression and not self.event_pattern.get_pattern()
        if self.state != "ENABLED" or matches_nothing:
            return
        if self.event_pattern.matches_event(original_event):
            deliver_event(delivery, self, _as_sent(original_event))

    replace(Rule, "send_to_targets", send_to_targets)
