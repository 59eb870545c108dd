"""State PromoteModel: a registered version becomes Production."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import PromoteModelSettings
from mlops_platform.registry.mlflow_rest import MlflowRest
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.promotion import Comparison, Promotion
from mlops_platform.registry.routing_table import NEVER_DEPLOYED, RoutingTable


@dataclass(frozen=True, kw_only=True)
class ModelPromotion:
    """Promotes what the gate let pass.

    Parameters
    ----------
    registry
        Versions and stages.
    routing_table
        What serves.
    """

    registry: ModelRegistry
    routing_table: RoutingTable

    @classmethod
    def from_settings(cls, settings: PromoteModelSettings) -> Self:
        """Build from the function's settings."""
        return cls(
            registry=ModelRegistry(MlflowRest(settings.tracking_uri)),
            routing_table=RoutingTable(client("dynamodb"), settings.routing_table),
        )

    def promote(
        self, *, model_name: str, version: str, champion: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """Make a version serve, if the champion that it was compared with still does.

        Parameters
        ----------
        model_name, version
            The registered version.
        champion
            The champion that ``ValidateData`` found; None if there was none.

        Returns
        -------
        dict
            ``model_name``, ``revision``, ``version``, ``semantic_version``.

        Raises
        ------
        ChampionChangedError
            Another release, or a person, came first; production stays as they left it.
        ModelVersionNotFoundError, TrackingServerError
            MLflow has no such version, or does not answer.
        """
        found = self.registry.find(model_name, version)
        promotion = Promotion(self.registry, self.routing_table)
        routing = promotion.promote(found, _comparison(champion))
        return {
            "model_name": model_name,
            "revision": routing.revision,
            "version": found.version,
            "semantic_version": str(found.semantic_version),
        }


def _comparison(champion: Mapping[str, Any] | None) -> Comparison:
    if champion is None:
        return Comparison(champion=None, revision=NEVER_DEPLOYED)
    return Comparison(champion=str(champion["version"]), revision=int(champion["revision"]))
