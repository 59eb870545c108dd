"""Subscription filters deliver matching log events to functions, in the background.

moto calls the function inside PutLogEvents, once, and ignores the filter pattern. CloudWatch Logs
invokes it asynchronously: what fails is retried by Lambda's queue and ends in the function's
dead-letter queue.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from local_cloud.subscriptions.delivery import split
from local_cloud.subscriptions.faults import Faults, FaultyRoad
from local_cloud.subscriptions.parcels import Batch, Parcel, Record, Subscription

logger = logging.getLogger(__name__)

InvokeEvent = Callable[[str, bytes, Callable[[bool], None]], Any]
"""Takes a function's ARN, an event, and who hears once whether it succeeded in the end."""

# CloudWatch Logs gathers for seconds, too; a delivery for every line would drown moto in writes.
_FLUSH_SECONDS = 2.0
_HOLD_SECONDS = 5.0
_MAX_BATCH = 1000
_DRAIN_TIMEOUT_SECONDS = 120.0


class Subscriptions:
    """Collects matching log events and delivers them batch by batch.

    Parameters
    ----------
    invoke_event
        Invokes a function asynchronously.
    flush_logs
        Called before a drain: sends what functions have printed to their log groups.
    now
        Seconds on a clock that never goes back; delays are measured by it.

    Attributes
    ----------
    road
        How delivery misbehaves; `set_faults` replaces it.
    """

    def __init__(
        self,
        invoke_event: InvokeEvent,
        *,
        flush_logs: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._invoke_event = invoke_event
        self._flush_logs = flush_logs
        self._now = now
        self.road = FaultyRoad(Faults())
        self._pending: dict[Subscription, Batch] = {}
        self._hold_until = 0.0
        self._waiting: list[tuple[float, Parcel]] = []
        self._unfinished = 0
        self._delivered = self._failed = 0
        self._drains = 0
        self._changed = threading.Condition()
        self._closed = False

    def start(self) -> None:
        """Deliver in a background thread."""
        threading.Thread(target=self._run, name="subscriptions", daemon=True).start()

    def stop(self) -> None:
        """Deliver no more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def put(self, subscription: Subscription, records: list[Record]) -> None:
        """Take records that match the subscription's filter."""
        with self._changed:
            self._pending.setdefault(subscription, []).extend(records)
            self._changed.notify_all()

    def flush(self) -> None:
        """Send what has been put since the last flush on its way, as the faults will have it."""
        with self._changed:
            overdue = self.road.holds_back and (self._drains or self._now() >= self._hold_until)
            if self._pending or overdue:
                parcels = [
                    Parcel(subscription, records[start : start + _MAX_BATCH])
                    for subscription, records in self._pending.items()
                    for start in range(0, len(records), _MAX_BATCH)
                ]
                self._pending = {}
                self._hold_until = self._now() + _HOLD_SECONDS
                self._depart(self.road.plan(parcels))

    def deliver(self) -> None:
        """Invoke functions with all that has been on its way for long enough, in order."""
        with self._changed:
            now = self._now()
            ready = [parcel for due, parcel in self._waiting if due <= now]
            self._waiting = [(due, parcel) for due, parcel in self._waiting if due > now]
            self._unfinished += len(ready)
        for parcel in ready:
            pieces = list(split(parcel))
            with self._changed:
                self._unfinished += len(pieces) - 1
            for piece, payload in pieces:
                self._invoke(piece, payload)

    def drain(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer `POST /subscriptions/drain`: return when nothing is on its way any more.

        That includes the functions' asynchronous events, retries and dead letters.
        """
        timeout = float(request.get("timeout_seconds", _DRAIN_TIMEOUT_SECONDS))
        deadline = time.monotonic() + timeout
        self._flush_logs()
        while drained := self._wait_until_idle(deadline - time.monotonic()):
            # A subscriber's own log may be subscribed to as well.
            self._flush_logs()
            if self._is_idle():
                break
        return {"drained": drained, **self.describe({})}

    def describe(self, _: dict[str, Any]) -> dict[str, Any]:
        """Answer `GET /subscription-faults`; failed records are those of dead letters."""
        return {
            **self.road.describe(),
            "records_delivered": self._delivered,
            "records_failed": self._failed,
        }

    def list_dropped(self, _: dict[str, Any]) -> list[dict[str, Any]]:
        """Answer `GET /subscription-faults/dropped`: every record that the faults have lost."""
        return self.road.list_dropped()

    def set_faults(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer `POST /subscription-faults`; counts of what the faults did start anew."""
        faults = Faults.from_request(request)
        with self._changed:
            self._depart(self.road.plan([]))
            self.road = FaultyRoad(faults)
        return self.describe({})

    def _wait_until_idle(self, timeout: float) -> bool:
        with self._changed:
            self._drains += 1
            self._changed.notify_all()
            idle = self._changed.wait_for(self._is_idle, timeout)
            self._drains -= 1
        return idle

    def _depart(self, parcels: list[Parcel]) -> None:
        due = self._now() + self.road.faults.delay_seconds
        self._waiting += [(due, parcel) for parcel in parcels]
        self._changed.notify_all()

    def _invoke(self, parcel: Parcel, payload: bytes) -> None:
        def end(succeeded: bool) -> None:  # noqa: FBT001 (as the queue calls it)
            with self._changed:
                self._unfinished -= 1
                self._delivered += len(parcel.records) if succeeded else 0
                self._failed += 0 if succeeded else len(parcel.records)
                self._changed.notify_all()

        arn = parcel.subscription.destination_arn
        try:
            self._invoke_event(arn, payload, end)
        except Exception:
            # The thread serves all subscriptions; one whose function is gone must not end it.
            logger.exception("%d records never reached %s", len(parcel.records), arn)
            end(succeeded=False)

    def _run(self) -> None:
        while not self._closed:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._has_work())
                # Let a batch gather; whoever drains does not wait for it.
                self._changed.wait_for(lambda: self._closed or self._is_hurried(), self._pause())
            self.flush()
            self.deliver()

    def _has_work(self) -> bool:
        return bool(self._pending or self._waiting or self.road.holds_back)

    def _is_idle(self) -> bool:
        return not self._has_work() and not self._unfinished

    def _is_hurried(self) -> bool:
        return bool(self._drains and (self._pending or self.road.holds_back))

    def _pause(self) -> float:
        until_due = (due - self._now() for due, _ in self._waiting)
        return max(0.0, min([_FLUSH_SECONDS, *until_due]))
