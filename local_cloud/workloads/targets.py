"""Target groups: which port of this machine serves each, and whether it is healthy."""

import dataclasses
import http.client
import threading
from typing import Any

from local_cloud.workloads.ports import LOOPBACK

_CHECK_TIMEOUT_SECONDS = 2.0


@dataclasses.dataclass(frozen=True)
class HealthCheck:
    """How a target group checks its targets.

    Attributes
    ----------
    path
        What is asked for by HTTP; None: a TCP connection is enough.
    codes
        Accepted status codes, as ranges.
    """

    path: str | None
    codes: tuple[range, ...] = (range(200, 201),)

    def passes(self, port: int) -> bool:
        """Check the target on `port` once."""
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=_CHECK_TIMEOUT_SECONDS)
        try:
            if self.path is None:
                connection.connect()
                return True
            connection.request("GET", self.path)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return any(status in codes for codes in self.codes)


def read_health_check(properties: dict[str, Any]) -> HealthCheck:
    """Read a target group's health check.

    >>> read_health_check({"HealthCheckPath": "/health", "Matcher": {"HttpCode": "200-204,301"}})
    HealthCheck(path='/health', codes=(range(200, 205), range(301, 302)))
    """
    protocol = properties.get("HealthCheckProtocol") or properties.get("Protocol", "HTTP")
    if protocol in {"TCP", "TLS", "UDP", "TCP_UDP"}:
        return HealthCheck(None)
    codes = str(properties.get("Matcher", {}).get("HttpCode", "200"))
    spans = [span.partition("-") for span in codes.split(",")]
    ranges = tuple(range(int(low), int(high or low) + 1) for low, _, high in spans)
    return HealthCheck(properties.get("HealthCheckPath", "/"), ranges)


class TargetGroups:
    """The target groups of one cloud, by ARN."""

    def __init__(self) -> None:
        self._checks: dict[str, HealthCheck] = {}
        self._ports: dict[str, int] = {}
        self._lock = threading.Lock()

    def add(self, arn: str, check: HealthCheck) -> None:
        """Add a target group without targets."""
        with self._lock:
            self._checks[arn] = check

    def check_of(self, arn: str) -> HealthCheck:
        """Return how a group checks its targets."""
        with self._lock:
            return self._checks[arn]

    def set_target(self, arn: str, port: int) -> None:
        """Make a local port, on which a healthy task listens, the group's target."""
        with self._lock:
            self._ports[arn] = port

    def clear_target(self, arn: str) -> None:
        """Take the group's target away: it has ended."""
        with self._lock:
            self._ports.pop(arn, None)

    def port_of(self, arn: str | None) -> int | None:
        """Return the healthy target's port, None when the group has none."""
        with self._lock:
            return self._ports.get(arn) if arn else None
