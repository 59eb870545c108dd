"""From a delivery of prediction records to updated online features."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import orjson

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import UpdateFeaturesSettings
from mlops_platform.observability.log_subscription import read_delivery
from mlops_platform.observability.logging import logger
from mlops_platform.serving.feature_store import FeatureStore
from mlops_platform.serving.feature_table import FeatureTable
from mlops_platform.serving.served_transaction import ServedTransaction


@dataclass(frozen=True, kw_only=True)
class FeatureUpdates:
    """Carries served transactions into the feature store."""

    store: FeatureStore

    @classmethod
    def from_settings(cls, settings: UpdateFeaturesSettings) -> Self:
        """Connect to the online feature table."""
        table = FeatureTable(dynamodb=client("dynamodb"), name=settings.feature_table)
        return cls(store=FeatureStore(table=table))

    def apply(self, event: Mapping[str, Any]) -> dict[str, int]:
        """Apply one subscription event; return how many records were read, applied, unreadable.

        Raises
        ------
        FeatureConflictError
            Other writers were always faster; Lambda tries again, then it is a dead letter.
        """
        delivery = read_delivery(event)
        transactions = []
        for record in delivery.records:
            try:
                transaction = ServedTransaction.from_record(record)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                delivery.refuse(orjson.dumps(record).decode(), error)
            else:
                transactions += [transaction] if transaction.entities else []
        counts = {
            "records": len(delivery.records),
            "applied": self.store.apply(transactions),
            "unreadable": delivery.n_unreadable,
        }
        logger.info("features updated", extra=counts)
        return counts
