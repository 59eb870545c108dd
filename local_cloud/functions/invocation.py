"""The result of one invocation, and the limits on its payloads."""

import dataclasses

MAX_SYNC_BYTES = 6 * 1024 * 1024
"""Lambda's limit for the request and the response of a synchronous invocation."""

MAX_ASYNC_BYTES = 1024 * 1024
"""Lambda's limit for an asynchronous event; it was 256 KB until October 2025."""


class PayloadTooLargeError(Exception):
    """An event is larger than Lambda takes."""


@dataclasses.dataclass(frozen=True)
class InvocationResult:
    """What a synchronous caller gets.

    Attributes
    ----------
    error_type
        None when the function returned; otherwise the caller sees `FunctionError: Unhandled`.
    log_lines
        START to REPORT, for callers that ask for the log's tail.
    """

    request_id: str
    payload: bytes
    error_type: str | None
    log_lines: tuple[str, ...] = ()
