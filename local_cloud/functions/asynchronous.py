"""Asynchronous invocations: queued, retried, then sent to a destination or dead-letter queue."""

import concurrent.futures
import dataclasses
import datetime as dt
import json
import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

from local_cloud.functions.destinations import send_to_dead_letters, send_to_destination
from local_cloud.functions.invocation import InvocationResult
from local_cloud.functions.pool import ThrottledError

logger = logging.getLogger(__name__)

_DEFAULT_RETRIES = 2
_THREADS = 32

OnEnd = Callable[[bool], None]
"""Hears that an event has ended, retries included, and whether it succeeded."""


class Invoke(Protocol):
    """The synchronous invocation of a function."""

    def __call__(self, function: Any, payload: bytes, *, request_id: str) -> InvocationResult:
        """Run one event."""


@dataclasses.dataclass(frozen=True)
class QueuedEvent:
    """One event on its way to a function; `attempt` counts from 1."""

    function: Any
    payload: bytes
    request_id: str
    on_end: OnEnd = lambda _: None
    attempt: int = 1


class EventQueue:
    """Runs events with Lambda's retries.

    Parameters
    ----------
    invoke
        Runs one event, synchronously.
    retry_delays_seconds
        Before the second and third attempt. AWS waits one and two minutes; nobody waits for
        that at a laptop.
    """

    def __init__(
        self,
        invoke: Invoke,
        retry_delays_seconds: tuple[float, float],
    ) -> None:
        self._invoke = invoke
        self._delays = retry_delays_seconds
        self._executor = concurrent.futures.ThreadPoolExecutor(_THREADS, "lambda-event")
        self._open = 0
        self._changed = threading.Condition()
        self._closed = False

    def submit(self, event: QueuedEvent) -> None:
        """Accept an event; returns at once."""
        with self._changed:
            self._open += 1
        self._executor.submit(self._run, event)

    def drain(self, timeout_seconds: float) -> bool:
        """Wait until every accepted event has ended, retries included; False on timeout."""
        with self._changed:
            return self._changed.wait_for(lambda: self._open == 0, timeout_seconds)

    def close(self) -> None:
        """Drop what is queued."""
        self._closed = True
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _run(self, event: QueuedEvent) -> None:
        try:
            result = self._invoke(event.function, event.payload, request_id=event.request_id)
        except ThrottledError:
            # A throttled event goes back to the queue and does not count as an attempt.
            self._later(event, self._delays[0])
            return
        except Exception:
            logger.exception("An event for %s was lost", event.function.function_name)
            self._end(event, succeeded=False)
            return
        configuration = _async_configuration(event.function)
        retries = int(configuration.get("MaximumRetryAttempts", _DEFAULT_RETRIES))
        if result.error_type and event.attempt <= retries:
            again = dataclasses.replace(event, attempt=event.attempt + 1)
            self._later(again, self._delays[event.attempt - 1])
            return
        try:
            _report(event, result, configuration.get("DestinationConfig", {}))
        except Exception:
            logger.exception("The result of %s was lost", event.function.function_name)
        self._end(event, succeeded=result.error_type is None)

    def _later(self, event: QueuedEvent, delay_seconds: float) -> None:
        timer = threading.Timer(delay_seconds, self._resubmit, [event])
        timer.daemon = True
        timer.start()

    def _resubmit(self, event: QueuedEvent) -> None:
        if not self._closed:
            self._executor.submit(self._run, event)

    def _end(self, event: QueuedEvent, *, succeeded: bool) -> None:
        event.on_end(succeeded)
        with self._changed:
            self._open -= 1
            self._changed.notify_all()


def _async_configuration(function: Any) -> dict[str, Any]:
    configurations = function.event_invoke_config
    return dict(configurations[-1].config) if configurations else {}


def _report(event: QueuedEvent, result: InvocationResult, destinations: dict[str, Any]) -> None:
    outcome = "OnFailure" if result.error_type else "OnSuccess"
    if arn := destinations.get(outcome, {}).get("Destination"):
        send_to_destination(arn, _record(event, result))
    dead_letters = getattr(event.function, "dead_letter_arn", None)
    if result.error_type and dead_letters:
        send_to_dead_letters(dead_letters, event.payload, result)


def _record(event: QueuedEvent, result: InvocationResult) -> dict[str, Any]:
    function = event.function
    response: dict[str, Any] = {"statusCode": 200, "executedVersion": str(function.version)}
    if result.error_type:
        response["functionError"] = "Unhandled"
    return {
        "version": "1.0",
        "timestamp": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        "requestContext": {
            "requestId": event.request_id,
            "functionArn": f"{function.function_arn}:$LATEST",
            "condition": "RetriesExhausted" if result.error_type else "Success",
            "approximateInvokeCount": event.attempt,
        },
        "requestPayload": json.loads(event.payload or b"null"),
        "responseContext": response,
        "responsePayload": json.loads(result.payload or b"null"),
    }
