"""What the control API answers: models, versions, experiments, releases, health."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import AnswerApiSettings
from mlops_platform.config.models import MODELS, model_named
from mlops_platform.errors import PlatformError, RequestValidationError, TrackingServerError
from mlops_platform.observability.logging import logger
from mlops_platform.registry.control_requests import PromotionRequest, RollbackRequest
from mlops_platform.registry.experiments import list_experiments
from mlops_platform.registry.ledger import Ledger
from mlops_platform.registry.mlflow_rest import MlflowRest
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.model_version import PRODUCTION_ALIAS, STAGING_ALIAS
from mlops_platform.registry.model_view import model_view, releases_view
from mlops_platform.registry.reconciliation import Reconciliation, stages_after
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.release_history import production_at
from mlops_platform.registry.releases import Releases
from mlops_platform.registry.routing_table import champion_of

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
    ledger
        What was released, and serves.
    """

    mlflow: MlflowRest
    ledger: Ledger

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
            ledger=Ledger.of_tables(dynamodb, settings.ledger_table, settings.routing_table),
        )

    def health(self) -> tuple[bool, dict[str, Any]]:
        """Ask each dependency one cheap question; say whether all answered, and who did."""
        answers = {
            "ledger": _works(lambda: self.ledger.head(MODELS[0].name)),
            "routing_table": _works(lambda: self.ledger.routing_table.read(MODELS[0].name)),
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
        head = self.ledger.head(model.name)
        if head is not None and not registry.agrees(model.name, **stages_after(head)):
            # Read repair: a release died after its entry, and nobody retried it.
            self._reconciliation.reconcile(model.name)
        return model_view(model, registry.versions(model.name), head)

    def promote(self, model_name: str, stage: str, request: PromotionRequest) -> dict[str, Any]:
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
        registered = ModelRegistry(self.mlflow).find(model.name, request.version)
        version = RegisteredVersion.of(registered)
        releases = Releases(self.ledger, model.name)
        # Its registration may have died between MLflow and the ledger.
        releases.register(version, request.cause)
        if stage == STAGING_ALIAS:
            releases.stage(version, request.cause)
            revision = {}
        else:
            revision = {"revision": releases.release(version, request.cause).serving.revision}
        return {
            "model_name": model.name,
            "stage": stage,
            "version": version.version,
            "semantic_version": version.semantic_version,
            **revision,
            "stages": self._follow(model.name),
        }

    def roll_back(self, model_name: str, request: RollbackRequest) -> dict[str, Any]:
        """Bring an earlier version back because a person says so; MLflow may be away.

        Raises
        ------
        ModelNotFoundError, ModelVersionNotFoundError, NoEarlierReleaseError
            There is no such model or version, or none that served before.
        ChampionChangedError
            Another release changed production since the person looked.
        """
        model = model_named(model_name)
        entry = Releases(self.ledger, model.name).roll_back(
            request.cause, to=request.version, expected_revision=request.revision
        )
        serving = champion_of(entry.serving)
        return {
            "model_name": model.name,
            "version": serving.version,
            "semantic_version": serving.semantic_version,
            "revision": entry.serving.revision,
            "stages": self._follow(model.name),
        }

    def releases(self, model_name: str, moment: datetime | None = None) -> dict[str, Any]:
        """Return the verified ledger of a model, the newest first, and what it makes of a moment.

        Parameters
        ----------
        model_name
            The model.
        moment
            What served then is told, and no entry after it; None for now.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        LedgerIntegrityError
            The ledger is not the chain that was written.
        """
        model = model_named(model_name)
        at = moment or datetime.now(UTC)
        entries = self.ledger.verify(model.name)
        past = [entry for entry in entries if entry.at <= at]
        return releases_view(model.name, past, production_at(entries, at))

    def _follow(self, model_name: str) -> str:
        """Tell MLflow what the ledger says; if it is away, the next reconciliation does."""
        try:
            self._reconciliation.reconcile(model_name)
        except TrackingServerError:
            logger.warning("MLflow's stages will follow later", exc_info=True)
            return "pending"
        return "followed"

    @property
    def _reconciliation(self) -> Reconciliation:
        return Reconciliation(self.ledger, ModelRegistry(self.mlflow))


def _works(question: Callable[[], object]) -> bool:
    try:
        question()
    except (PlatformError, BotoCoreError, ClientError):
        logger.warning("a dependency does not answer", exc_info=True)
        return False
    return True
