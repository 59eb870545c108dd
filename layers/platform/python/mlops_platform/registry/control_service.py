"""What the control API answers: models, versions, experiments, promotions, health."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import AnswerApiSettings
from mlops_platform.config.models import MODELS, model_named
from mlops_platform.errors import PlatformError, RequestValidationError
from mlops_platform.observability.logging import logger
from mlops_platform.registry.experiments import list_experiments
from mlops_platform.registry.mlflow_rest import MlflowRest
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.model_version import PRODUCTION_ALIAS, STAGING_ALIAS
from mlops_platform.registry.model_view import model_view
from mlops_platform.registry.promotion import Promotion
from mlops_platform.registry.routing_table import RoutingTable, champion_of

# An HTTP API gives up after 30 s; a restarting tracking server gets what fits.
_TIMEOUT_SECONDS, _PATIENCE_SECONDS = 5.0, 10.0
_STAGES = (STAGING_ALIAS, PRODUCTION_ALIAS)


@dataclass(frozen=True, kw_only=True)
class ControlService:
    """The control side of one environment.

    Parameters
    ----------
    mlflow
        The tracking server.
    routing_table
        What serves.
    """

    mlflow: MlflowRest
    routing_table: RoutingTable

    @classmethod
    def from_settings(cls, settings: AnswerApiSettings) -> Self:
        """Build from the function's settings."""
        dynamodb = client("dynamodb", timeout_seconds=_TIMEOUT_SECONDS, attempts=2)
        return cls(
            mlflow=MlflowRest(
                settings.tracking_uri,
                timeout_seconds=_TIMEOUT_SECONDS,
                patience_seconds=_PATIENCE_SECONDS,
            ),
            routing_table=RoutingTable(dynamodb, settings.routing_table),
        )

    def health(self) -> tuple[bool, dict[str, Any]]:
        """Ask each dependency one cheap question; say whether all answered, and who did."""
        answers = {
            "routing_table": _works(lambda: self.routing_table.read(MODELS[0].name)),
            "tracking_server": _works(self.mlflow.check_health),
        }
        healthy = all(answers.values())
        dependencies = {
            name: {"status": "ok" if works else "unavailable"} for name, works in answers.items()
        }
        return healthy, {"status": "ok" if healthy else "unavailable", "dependencies": dependencies}

    def experiments(self) -> dict[str, Any]:
        """Return MLflow's experiments with their latest runs."""
        return {"experiments": list_experiments(self.mlflow)}

    def models(self) -> dict[str, Any]:
        """Return every model of the catalogue with what it has in Staging and Production."""
        views = [self.model(model.name) for model in MODELS]
        return {"models": [{**view, "versions": len(view["versions"])} for view in views]}

    def model(self, model_name: str) -> dict[str, Any]:
        """Return one model with all its versions.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        """
        model = model_named(model_name)
        registry = ModelRegistry(self.mlflow)
        routing = self.routing_table.read(model.name)
        serving = None if routing is None else champion_of(routing).version
        if not registry.agrees(model.name, serving):
            # Read repair: a release died after its routing, and nobody retried it.
            Promotion(registry, self.routing_table).reconcile(model.name)
        return model_view(
            model,
            registry.versions(model.name),
            staging=registry.aliases(model.name).get(STAGING_ALIAS),
            routing=routing,
        )

    def promote(self, model_name: str, stage: str, version: str) -> dict[str, Any]:
        """Move a version to Staging or Production because a person says so.

        Raises
        ------
        ModelNotFoundError, ModelVersionNotFoundError
            There is no such model or version.
        RequestValidationError
            There is no such stage.
        ChampionChangedError
            Another release changed production at the same moment.
        """
        model = model_named(model_name)
        if stage not in _STAGES:
            message = f"{stage!r} is no stage to promote to; use one of {', '.join(_STAGES)}."
            raise RequestValidationError([{"field": "stage", "message": message}])
        registry = ModelRegistry(self.mlflow)
        found = registry.find(model.name, version)
        answer: dict[str, Any] = {
            "model_name": model.name,
            "stage": stage,
            "version": found.version,
            "semantic_version": str(found.semantic_version),
        }
        if stage == STAGING_ALIAS:
            registry.stage(found)
            return answer
        return answer | {
            "revision": Promotion(registry, self.routing_table).promote(found).revision
        }


def _works(question: Callable[[], object]) -> bool:
    try:
        question()
    except (PlatformError, BotoCoreError, ClientError):
        logger.warning("a dependency does not answer", exc_info=True)
        return False
    return True
