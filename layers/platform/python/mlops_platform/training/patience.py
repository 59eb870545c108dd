"""Calls to an MLflow server that may be restarting: which to repeat, and for how long."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

import requests
from mlflow.exceptions import MlflowException

from mlops_platform.errors import TrackingServerError

T = TypeVar("T")

FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 10.0
_SERVER_ERROR, _TOO_MANY_REQUESTS = 500, 429


def patiently(call: Callable[[], T], patience_seconds: float) -> T:
    """Call until it succeeds or MLflow refuses; `call` must be safe to repeat.

    Parameters
    ----------
    call
        Asks MLflow for something.
    patience_seconds
        Time after which no further attempt starts.

    Raises
    ------
    TrackingServerError
        MLflow did not answer in time, or refused.
    """
    deadline = time.monotonic() + patience_seconds
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return call()
        except (MlflowException, requests.RequestException, ConnectionError, TimeoutError) as error:
            if not _is_transient(error):
                raise TrackingServerError(
                    f"MLflow refused what the run wrote: {error}. Asking again would not help: "
                    "mend what it names and start the training again; nothing was released."
                ) from error
            if time.monotonic() + pause > deadline:
                raise TrackingServerError(
                    f"MLflow did not take the run within {patience_seconds:.0f} s: {error}. Check "
                    "that the tracking server runs and start the training again; nothing was "
                    "released."
                ) from error
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def _is_transient(error: Exception) -> bool:
    """Return whether the server was not reached, failed, or asked for less haste."""
    if isinstance(error, MlflowException):
        # A server that was not reached is an internal error, 500, to MLflow's client.
        status = int(error.get_http_status_code())  # type: ignore[no-untyped-call]
    elif isinstance(error, requests.HTTPError) and error.response is not None:
        status = error.response.status_code
    else:
        lost = (requests.ConnectionError, requests.Timeout, ConnectionError, TimeoutError)
        return isinstance(error, lost)
    return status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS
