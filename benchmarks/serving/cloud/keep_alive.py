"""One HTTP client: a connection that stays open, as callers of the platform keep theirs."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from benchmarks.timings import server_timing

_TIMEOUT_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class RoundTrip:
    """One answer; `seconds` is the round trip's time, `timing_ms` the server's own account."""

    status: int
    body: bytes
    seconds: float
    timing_ms: dict[str, float]


class KeepAliveClient:
    """Posts JSON to one URL over one connection.

    Parameters
    ----------
    url
        Where to.
    api_key
        Sent with each request unless empty.
    """

    def __init__(self, url: str, api_key: str = "") -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = connect(parts.hostname or "", parts.port, timeout=_TIMEOUT_SECONDS)
        self._path = parts.path
        self._headers = {"content-type": "application/json"}
        if api_key:
            self._headers["x-api-key"] = api_key

    def post(self, content: Any) -> RoundTrip:
        """Send one request and read the whole answer."""
        body = json.dumps(content).encode()
        started = time.perf_counter()
        self._connection.request("POST", self._path, body, self._headers)
        answer = self._connection.getresponse()
        received = answer.read()
        seconds = time.perf_counter() - started
        return RoundTrip(
            status=answer.status,
            body=received,
            seconds=seconds,
            timing_ms=server_timing(answer.getheader("server-timing") or ""),
        )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
