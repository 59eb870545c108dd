"""What is derived from the ledger is made to agree with it: routing table and MLflow's stages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import FollowStagesSettings
from mlops_platform.errors import PlatformError, TrackingServerError
from mlops_platform.observability.logging import logger
from mlops_platform.registry.ledger import Ledger
from mlops_platform.registry.ledger_entry import LedgerEntry
from mlops_platform.registry.mlflow_rest import MlflowRest
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.routing_table import champion_of

_ATTEMPTS = 5


@dataclass(frozen=True)
class Reconciliation:
    """Repairs what a release that died, or somebody's hand, left behind.

    Parameters
    ----------
    ledger
        The authority.
    registry
        MLflow's versions and stages.
    """

    ledger: Ledger
    registry: ModelRegistry

    @classmethod
    def from_settings(cls, settings: FollowStagesSettings) -> Self:
        """Build from the function's settings."""
        tables = (settings.ledger_table, settings.routing_table)
        ledger = Ledger.of_tables(client("dynamodb"), *tables)
        return cls(ledger, ModelRegistry(MlflowRest(settings.tracking_uri)))

    def reconcile(self, model_name: str) -> LedgerEntry | None:
        """Make routing and stages say what the ledger says; safe at any time.

        Returns
        -------
        LedgerEntry or None
            The newest entry, which all agrees with now; None for a model without any.

        Raises
        ------
        TrackingServerError
            MLflow did not answer, or releases follow each other faster than it can be told.
        LedgerIntegrityError
            The ledger cannot be trusted; nothing is derived from it.
        """
        head = self.ledger.head(model_name)
        for _ in range(_ATTEMPTS):
            if head is None:
                return None
            self.ledger.restore_routing(head)
            self.registry.follow(model_name, **stages_after(head))
            # Had another release gone by meanwhile, this could have overwritten what it told.
            latest = self.ledger.head(model_name)
            if latest == head:
                return head
            logger.info("the ledger grew during reconciliation", extra={"model": model_name})
            head = latest
        raise TrackingServerError(
            f"The ledger of {model_name} grew {_ATTEMPTS} times during its reconciliation; "
            "repeat it when the releases are over."
        )

    def reconcile_all(self, model_names: Iterable[str]) -> dict[str, int]:
        """Reconcile every model, whatever is wrong with another.

        Returns
        -------
        dict
            The sequence that each model agrees with; 0 for one without a ledger.

        Raises
        ------
        PlatformError
            The first error, after all models were tried.
        """
        agreed: dict[str, int] = {}
        errors: list[PlatformError] = []
        for model_name in model_names:
            try:
                head = self.reconcile(model_name)
            except PlatformError as error:
                logger.exception("a model was not reconciled", extra={"model": model_name})
                errors.append(error)
            else:
                agreed[model_name] = 0 if head is None else head.sequence
        if errors:
            raise errors[0]
        return agreed


def stages_after(head: LedgerEntry) -> dict[str, str | None]:
    """Return the version in `production` and the one in `staging`; None where there is none."""
    production = None if head.routing is None else champion_of(head.routing).version
    return {"production": production, "staging": head.staging}
