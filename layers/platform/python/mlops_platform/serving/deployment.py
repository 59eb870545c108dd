"""What serves right now: the routing table's revision with its bundles in memory."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mlops_platform.errors import ModelNotDeployedError, RoutingUnavailableError
from mlops_platform.observability.logging import logger
from mlops_platform.serving.deadline import within
from mlops_platform.serving.inference import Inference
from mlops_platform.serving.routing import Routing, Variant

# The first read has nothing to fall back on, and opens the connection: patience beats refusal.
FIRST_READ_DEADLINE_SECONDS = 5.0


@dataclass(frozen=True)
class Deployment:
    """A routing and the loaded bundle of each of its variants, by ``bundle_uri``."""

    routing: Routing
    bundles: Mapping[str, Inference]

    def inference(self, variant: Variant) -> Inference:
        """Return the loaded bundle of one variant."""
        return self.bundles[variant.bundle_uri]


@dataclass(kw_only=True)
class DeploymentCache:
    """The deployment in memory, refreshed by the first request that finds it too old.

    A function is frozen between requests, so its requests refresh it; a host that is not refreshes
    it beside them.

    Parameters
    ----------
    read
        Reads the routing table.
    load
        Loads the bundle at an address.
    max_age_seconds
        Age from which a request looks for a new revision first.
    deadline_seconds
        How long that look may take, once there is something to fall back on.
    stale_seconds
        How long the last routing serves while the table cannot be read.
    clock
        Monotonic seconds.
    """

    read: Callable[[], Routing]
    load: Callable[[str], Inference]
    max_age_seconds: float
    deadline_seconds: float
    stale_seconds: float
    clock: Callable[[], float] = time.monotonic
    _deployment: Deployment | None = field(default=None, init=False)
    _checked_at: float = field(default=float("-inf"), init=False)
    _confirmed_at: float = field(default=float("-inf"), init=False)
    _refreshing: threading.Lock = field(default_factory=threading.Lock, init=False)

    def current(self) -> Deployment:
        """Return the deployment, at most `max_age_seconds` old where the table answers.

        Raises
        ------
        ModelNotDeployedError
            No version is deployed.
        RoutingUnavailableError
            The table does not answer, and what is in memory is too old to go on with.
        """
        current = self._deployment
        if current is not None and self.clock() - self._checked_at < self.max_age_seconds:
            return current
        # While one thread refreshes, the others serve what they have.
        if not self._refreshing.acquire(blocking=current is None) and current is not None:
            return current
        try:
            return self._refresh()
        finally:
            self._refreshing.release()

    def refresh(self) -> None:
        """Look for a new revision now, however young the deployment is; raises as `current`."""
        with self._refreshing:
            self._refresh()

    def _refresh(self) -> Deployment:
        """Read the routing and take it over, or go on with the old one."""
        old = self._deployment
        deadline = FIRST_READ_DEADLINE_SECONDS if old is None else self.deadline_seconds
        try:
            routing = within(deadline, self.read)
        except ModelNotDeployedError:
            self._deployment = None
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, what serves must go on
            return self._go_on_with(old, error)
        self._confirmed_at = self.clock()
        self._deployment = self._take_over(routing, old)
        self._checked_at = self.clock()
        return self._deployment

    def _go_on_with(self, old: Deployment | None, error: Exception) -> Deployment:
        """Serve the old routing although the table did not answer, but not for ever."""
        if old is None or self.clock() - self._confirmed_at > self.stale_seconds:
            raise RoutingUnavailableError(
                "The routing table does not answer; try again in a moment."
            ) from error
        logger.warning("routing is stale", extra={"revision": old.routing.revision}, exc_info=True)
        self._checked_at = self.clock()
        return old

    def _take_over(self, routing: Routing, old: Deployment | None) -> Deployment:
        """Load what is new beside what serves; if it cannot be loaded, the old goes on."""
        if old is not None and old.routing.revision == routing.revision:
            return old
        loaded = {} if old is None else old.bundles
        try:
            bundles = {
                uri: loaded[uri] if uri in loaded else self.load(uri)
                for uri in {variant.bundle_uri for variant in routing.variants}
            }
        except Exception:
            if old is None:
                raise
            logger.exception(
                "a new revision cannot be loaded; the old one goes on",
                extra={"refused": routing.revision, "serving": old.routing.revision},
            )
            return old
        return Deployment(routing, bundles)
