"""Releases of two versions by turns, and who says what serves."""

import asyncio
import json
from typing import Any, NamedTuple

from mlops_platform.registry.ledger_entry import LedgerEntry
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.release_history import find_version
from mlops_platform.registry.transition import Transition
from mlops_platform.sdk.model_deployment import ModelDeploymentManager
from tests.e2e.platform import MODEL, Platform
from tests.e2e.twins import ledger_of, register_twin

FIRST = "1.0.0"


class Served(NamedTuple):
    """The version in production, as each names it that has to know."""

    ledger: str
    routing: str
    alias: str


class Releases:
    """Two versions, of which one serves, and the release of the other."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._manager = ModelDeploymentManager(platform.config)
        self._ledger = ledger_of(platform)
        self._versions = (
            find_version(MODEL, self.entries(), FIRST),
            register_twin(platform, "twin"),
        )

    def entries(self) -> list[LedgerEntry]:
        """Return the ledger, which must be the chain that was written."""
        return self._ledger.verify(MODEL)

    def released(self) -> list[str]:
        """Return the versions that were released, in order."""
        entries = self.entries()
        released = [each.subject for each in entries if each.transition is Transition.RELEASED]
        return [subject.version for subject in released if subject]

    def served(self) -> Served:
        """Return what serves, without asking the API, which would repair what disagrees."""
        routing = self.entries()[-1].routing
        assert routing is not None
        (written,) = routing.variants
        (variant,) = json.loads(self._platform.routing()["variants"]["S"])
        alias = self._platform.mlflow("registered-models/alias", name=MODEL, alias="production")
        return Served(written.version, variant["version"], alias["model_version"]["version"])

    def next(self) -> RegisteredVersion:
        """Return the version that does not serve."""
        served = self.served().ledger
        (waiting,) = [each for each in self._versions if each.version != served]
        return waiting

    def start(self, version: RegisteredVersion) -> str:
        return self._manager.start(MODEL, version.version)

    def deploy(self, version: RegisteredVersion) -> dict[str, Any]:
        return asyncio.run(self._manager.deploy_to_production(MODEL, version.version))

    def agree_on(self, version: str) -> bool:
        return set(self.served()) == {version}

    def assert_whole(self, version: RegisteredVersion) -> None:
        """All that knows what serves names this version, and functions answer with it."""
        assert self.agree_on(version.version)
        assert self._platform.production()["api"] == version.semantic_version
        answer = self._platform.api.call(
            "POST", f"/ml/{MODEL}/predict", {"features": {"amount": 5.0}}
        )
        assert answer["model_version"] == version.semantic_version
