"""Subscription filters deliver matching log events to functions, in the background.

moto calls the function inside PutLogEvents, once, and ignores the filter pattern.
"""

import concurrent.futures
import threading
import time
from collections.abc import Callable
from typing import Any

from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogGroup, LogStream

from local_cloud.patching import replace
from local_cloud.subscriptions.delivery import Subscription, deliver
from local_cloud.subscriptions.faults import Batch, Faults, FaultyRoad, Record
from local_cloud.subscriptions.patterns import compile_pattern

_FLUSH_SECONDS = 0.5
_MAX_BATCH = 1000
_DRAIN_TIMEOUT_SECONDS = 120.0


class Subscriptions:
    """Collects matching log events and delivers them batch by batch.

    Parameters
    ----------
    flush_logs
        Called before a drain: sends what functions have printed to their log groups.

    Attributes
    ----------
    road
        How delivery misbehaves; `set_faults` replaces it.
    """

    def __init__(self, flush_logs: Callable[[], None] = lambda: None) -> None:
        self._flush_logs = flush_logs
        self.road = FaultyRoad(Faults())
        self._pending: dict[Subscription, Batch] = {}
        self._unfinished = 0
        self._delivered = 0
        self._failed = 0
        self._changed = threading.Condition()
        self._hurry = threading.Event()
        self._closed = threading.Event()
        self._pool = concurrent.futures.ThreadPoolExecutor(4, thread_name_prefix="subscriptions")

    def start(self) -> None:
        """Deliver in a background thread."""
        threading.Thread(target=self._run, name="subscriptions", daemon=True).start()

    def stop(self) -> None:
        """Deliver no more."""
        self._closed.set()
        with self._changed:
            self._changed.notify_all()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def put(self, subscription: Subscription, records: list[Record]) -> None:
        """Take records that match the subscription's filter."""
        with self._changed:
            self._pending.setdefault(subscription, []).extend(records)
            self._changed.notify_all()

    def drain(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer `POST /subscriptions/drain`: return when nothing is on its way any more."""
        timeout = float(request.get("timeout_seconds", _DRAIN_TIMEOUT_SECONDS))
        self._flush_logs()
        with self._changed:
            self._hurry.set()
            drained = self._changed.wait_for(
                lambda: not self._pending and not self._unfinished, timeout
            )
            self._hurry.clear()
        return {"drained": drained, **self.describe({})}

    def describe(self, _: dict[str, Any]) -> dict[str, Any]:
        """Answer `GET /subscription-faults`."""
        return {
            **vars(self.road.faults),
            "records_delivered": self._delivered,
            "records_failed": self._failed,
            "records_dropped": len(self.road.dropped),
        }

    def set_faults(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer `POST /subscription-faults`; counts of dropped records start anew."""
        faults = Faults.from_request(request)
        with self._changed:
            self.road = FaultyRoad(faults)
        return self.describe({})

    def _run(self) -> None:
        while not self._closed.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._pending or self._closed.is_set())
            # Let a batch gather; whoever drains does not wait for it.
            self._hurry.wait(_FLUSH_SECONDS)
            with self._changed:
                planned = self._plan()
                delay = self.road.faults.delay_seconds
            for subscription, batch in planned:
                self._pool.submit(self._deliver, subscription, batch, time.monotonic() + delay)

    def _plan(self) -> list[tuple[Subscription, Batch]]:
        planned = []
        for subscription, records in self._pending.items():
            batches = [
                records[start : start + _MAX_BATCH] for start in range(0, len(records), _MAX_BATCH)
            ]
            planned += [(subscription, batch) for batch in self.road.plan(batches)]
        self._pending = {}
        self._unfinished += len(planned)
        self._changed.notify_all()
        return planned

    def _deliver(self, subscription: Subscription, batch: Batch, not_before: float) -> None:
        done = False
        try:
            if not self._closed.wait(max(0.0, not_before - time.monotonic())):
                done = deliver(subscription, batch, self._closed)
        finally:
            with self._changed:
                self._unfinished -= 1
                self._delivered += len(batch) if done else 0
                self._failed += 0 if done else len(batch)
                self._changed.notify_all()


def install(subscriptions: Subscriptions) -> None:
    """Let moto's log streams deliver through `subscriptions`, and check patterns early."""

    def send(
        self: LogStream,
        service: str,
        destination_arn: str,
        filter_name: str,
        log_events: list[Record],
    ) -> None:
        matches = compile_pattern(self.log_group.subscription_filters[filter_name].filter_pattern)
        records = [record for record in log_events if matches(record["message"])]
        if records and service != "lambda":
            moto_send(self, service, destination_arn, filter_name, records)
        elif records:
            group, stream = self.log_group.name, self.log_stream_name
            subscriptions.put(
                Subscription(
                    self.account_id, self.region, group, stream, filter_name, destination_arn
                ),
                records,
            )

    def put_filter(self: LogGroup, filter_name: str, filter_pattern: str, *rest: Any) -> None:
        try:
            compile_pattern(filter_pattern)
        except ValueError as error:
            raise InvalidParameterException(str(error)) from error
        moto_put_filter(self, filter_name, filter_pattern, *rest)

    moto_send = replace(LogStream, "_send_log_events", send)
    moto_put_filter = replace(LogGroup, "put_subscription_filter", put_filter)
