"""Production changes hands: the routing table decides, MLflow's stages follow.

The one conditional write to the routing table is the promotion. Whoever dies before it changed
nothing; whoever dies after it leaves stages that `reconcile` brings up to date.
"""

from dataclasses import dataclass

from mlops_platform.errors import ChampionChangedError, TrackingServerError
from mlops_platform.observability.logging import logger
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.model_version import ModelVersion
from mlops_platform.registry.routing_table import NEVER_DEPLOYED, RoutingTable, champion_of
from mlops_platform.serving.routing import Routing, Variant

_ATTEMPTS = 5


@dataclass(frozen=True)
class Comparison:
    """What served when a candidate was compared with it.

    Parameters
    ----------
    champion
        The champion's version; None if there was none.
    revision
        The routing's revision then; `NEVER_DEPLOYED` if nothing had ever served.
    """

    champion: str | None
    revision: int


@dataclass(frozen=True)
class Promotion:
    """Moves versions to Production.

    Parameters
    ----------
    registry
        Versions and their stages.
    routing_table
        What serves.
    """

    registry: ModelRegistry
    routing_table: RoutingTable

    def promote(self, version: ModelVersion, comparison: Comparison | None = None) -> Routing:
        """Make `version` the only one that serves; repeating it changes nothing.

        Parameters
        ----------
        version
            A registered version.
        comparison
            What the decision rests on; None for a person's decision, which replaces whatever
            serves.

        Raises
        ------
        ChampionChangedError
            The routing is not the one that the candidate was compared with, or another release
            won the race. So whatever a person did meanwhile stands, even if it brought back the
            very version that the candidate was compared with.
        """
        current = self.routing_table.read(version.model_name)
        if current is None or not _serves_alone(current, version):
            _require_unchanged(version, current, comparison)
            current = self.routing_table.write(
                version.model_name, [_variant(version)], expected_revision=_revision(current)
            )
        self.reconcile(version.model_name)
        return current

    def reconcile(self, model_name: str) -> None:
        """Make MLflow's stages say what the routing table says; safe at any time.

        Raises
        ------
        TrackingServerError
            MLflow did not answer, or releases follow each other faster than it can be told.
        """
        routing = self.routing_table.read(model_name)
        for _ in range(_ATTEMPTS):
            serving = None if routing is None else champion_of(routing).version
            self.registry.follow(model_name, serving)
            # Had another release gone by meanwhile, this could have overwritten what it told.
            latest = self.routing_table.read(model_name)
            if _revision(latest) == _revision(routing):
                return
            logger.info("the routing changed during reconciliation", extra={"model": model_name})
            routing = latest
        raise TrackingServerError(
            f"The routing of {model_name} changed {_ATTEMPTS} times during its reconciliation; "
            "repeat it when the releases are over."
        )


def _serves_alone(routing: Routing, version: ModelVersion) -> bool:
    return [variant.version for variant in routing.variants] == [version.version]


def _require_unchanged(
    version: ModelVersion, current: Routing | None, comparison: Comparison | None
) -> None:
    """Refuse a promotion whose evidence is about a routing that is no more."""
    if comparison is None or comparison.revision == _revision(current):
        return
    serving = None if current is None else champion_of(current).version
    raise ChampionChangedError(
        f"Version {version.version} of {version.model_name} was compared with "
        f"{_called(comparison.champion)} at revision {comparison.revision}, but "
        f"{_called(serving)} serves now, at revision {_revision(current)}. Train again, so that it "
        "is compared with what serves."
    )


def _called(version: str | None) -> str:
    return "no champion" if version is None else f"version {version}"


def _variant(version: ModelVersion) -> Variant:
    return Variant(
        version=version.version,
        semantic_version=str(version.semantic_version),
        bundle_uri=version.bundle_uri,
        weight=1.0,
    )


def _revision(routing: Routing | None) -> int:
    return NEVER_DEPLOYED if routing is None else routing.revision
