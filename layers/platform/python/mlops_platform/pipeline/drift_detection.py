"""Drift of every model that serves: the routing says what serves, the watch judges it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import DetectDriftSettings
from mlops_platform.config.models import MODELS, model_named
from mlops_platform.monitoring.drift_watch import DriftWatch, Serving, ServingBundle
from mlops_platform.monitoring.monitoring_table import MonitoringTable
from mlops_platform.monitoring.profile_store import ProfileStore
from mlops_platform.monitoring.reference_profiles import ReferenceProfiles
from mlops_platform.registry.routing_table import RoutingTable


@dataclass(frozen=True)
class DriftDetection:
    """Watches models.

    Parameters
    ----------
    watch
        Judges what serves.
    routing
        Says what serves.
    """

    watch: DriftWatch
    routing: RoutingTable

    @classmethod
    def from_settings(cls, settings: DetectDriftSettings) -> Self:
        """Connect to tables, buckets and bus."""
        dynamodb, s3 = client("dynamodb"), client("s3")
        table = MonitoringTable(dynamodb, settings.monitoring_table)
        watch = DriftWatch(
            profiles=ProfileStore(s3=s3, bucket=settings.monitoring_bucket, table=table),
            references=ReferenceProfiles(s3=s3, bucket=settings.bundle_bucket),
            events=client("events"),
            event_bus=settings.event_bus,
        )
        return cls(watch, RoutingTable(dynamodb, settings.routing_table))

    def detect(self, now: datetime, model_name: str | None = None) -> dict[str, Any]:
        """Watch one model, or every model of the catalogue.

        Returns
        -------
        dict
            The verdict on each model that serves; see `DriftWatch.watch`.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        ExceptionGroup
            Some could not be watched; all others were.
        """
        models = [model_named(model_name)] if model_name else MODELS
        verdicts: dict[str, Any] = {}
        failures: list[Exception] = []
        for model in models:
            try:
                serving = self._serving(model.name)
                if serving is not None:
                    verdicts[model.name] = self.watch.watch(model.name, serving, now)
            except Exception as error:  # noqa: BLE001 - raised below, after the other models
                failures.append(error)
        if failures:
            raise ExceptionGroup("Not every model could be watched.", failures)
        return verdicts

    def _serving(self, model_name: str) -> Serving | None:
        routing = self.routing.read(model_name)
        if routing is None:
            return None
        bundles = [
            ServingBundle(variant.bundle_uri, variant.semantic_version)
            for variant in routing.variants
            if variant.weight > 0
        ]
        return Serving(routing.revision, bundles)
