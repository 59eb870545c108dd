"""State PromoteModel: a registered version becomes Production."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import PromoteModelSettings
from mlops_platform.registry.mlflow_rest import MlflowRest
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.promotion import Comparison, Promotion
from mlops_platform.registry.routing_table import RoutingTable


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
            Another release came first; production stays as that left it.
        ModelVersionNotFoundError, TrackingServerError
            MLflow has no such version, or does not answer.
        """
        found = self.registry.find(model_name, version)
        compared_with = None if champion is None else str(champion["version"])
        promotion = Promotion(self.registry, self.routing_table)
        routing = promotion.promote(found, Comparison(compared_with))
        return {
            "model_name": model_name,
            "revision": routing.revision,
            "version": found.version,
            "semantic_version": str(found.semantic_version),
        }
