"""Token buckets: the throttling of a stage's routes."""

import threading
import time
from typing import Any


class TokenBucket:
    """Admits `rate_per_second` requests on average and `burst` at once."""

    def __init__(self, rate_per_second: float, burst: int) -> None:
        self._rate = rate_per_second
        self._burst = burst
        self._tokens = float(burst)
        self._filled = time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take a token; False when there is none."""
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._rate)
            self._filled = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True


class Throttle:
    """The buckets of one stage, one per route."""

    def __init__(self, stage: dict[str, Any]) -> None:
        self._default = stage.get("DefaultRouteSettings", {})
        self._routes: dict[str, dict[str, Any]] = stage.get("RouteSettings", {})
        self._buckets: dict[str, TokenBucket | None] = {}

    def admits(self, route_key: str) -> bool:
        """Tell whether a request may pass now."""
        if route_key not in self._buckets:
            self._buckets[route_key] = self._make_bucket(route_key)
        bucket = self._buckets[route_key]
        return bucket is None or bucket.take()

    def _make_bucket(self, route_key: str) -> TokenBucket | None:
        settings = {**self._default, **self._routes.get(route_key, {})}
        if "ThrottlingRateLimit" not in settings:
            return None
        rate = float(settings["ThrottlingRateLimit"])
        return TokenBucket(rate, int(settings.get("ThrottlingBurstLimit", rate)))
