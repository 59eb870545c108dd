"""One version of a model, as the registry knows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from mlops_platform.registry.semantic_version import Interface, SemanticVersion

STAGING_ALIAS, PRODUCTION_ALIAS = "staging", "production"
# Tags of an MLflow model version.
STAGE, SEMANTIC_VERSION, INTERFACE = "stage", "semantic_version", "interface"
BUNDLE_URI, BUNDLE_SHA256, EXECUTION = "bundle_uri", "bundle_sha256", "training_execution"
MEASUREMENTS = "measurements"


class Stage(StrEnum):
    """Where a version stands in its life."""

    DEVELOPMENT = "Development"
    STAGING = "Staging"
    PRODUCTION = "Production"
    ARCHIVED = "Archived"


@dataclass(frozen=True, kw_only=True)
class ModelVersion:
    """One registered bundle.

    Parameters
    ----------
    model_name, version
        The model and MLflow's number of the version.
    semantic_version
        What people call it; None for the moment between registration and numbering.
    stage
        Its stage by its tag.
    bundle_uri, bundle_sha256
        Where the unpacked bundle lies, and its content hash.
    interface
        What its callers and features see.
    run_id
        MLflow's run that trained it; empty if unknown.
    training_execution
        The pipeline execution that registered it.
    measurements
        What its training job measured: ``metrics`` on the test rows and the ONNX ``contract``.
    created_at
        Time of the registration, UTC.
    """

    model_name: str
    version: str
    semantic_version: SemanticVersion | None
    stage: Stage
    bundle_uri: str
    bundle_sha256: str
    interface: Interface
    run_id: str
    training_execution: str
    measurements: Mapping[str, Any]
    created_at: datetime

    @property
    def number(self) -> int:
        """The version as a number, so that 10 follows 9."""
        return int(self.version)

    @classmethod
    def from_mlflow(cls, entry: Mapping[str, Any]) -> Self | None:
        """Read a model version; None if it is not a bundle that this platform registered."""
        tags = {tag["key"]: tag.get("value", "") for tag in entry.get("tags", [])}
        if BUNDLE_SHA256 not in tags or INTERFACE not in tags:
            return None
        number = tags.get(SEMANTIC_VERSION)
        return cls(
            model_name=entry["name"],
            version=str(entry["version"]),
            semantic_version=SemanticVersion.parse(number) if number else None,
            stage=Stage(tags.get(STAGE, Stage.DEVELOPMENT)),
            bundle_uri=tags[BUNDLE_URI],
            bundle_sha256=tags[BUNDLE_SHA256],
            interface=Interface.from_json(tags[INTERFACE]),
            run_id=entry.get("run_id", ""),
            training_execution=tags.get(EXECUTION, ""),
            measurements=json.loads(tags.get(MEASUREMENTS, "{}")),
            created_at=datetime.fromtimestamp(int(entry["creation_timestamp"]) / 1000, UTC),
        )


def stage_of(version: ModelVersion, *, staging: str | None, production: str | None) -> Stage:
    """Return the stage that follows from what is staged and what serves.

    Who loses an alias is archived, never deleted.

    Parameters
    ----------
    version
        Its own tag tells only whether it ever left Development.
    staging, production
        The version in Staging, and the one that serves; None if there is none.
    """
    if version.version == production:
        return Stage.PRODUCTION
    if version.version == staging:
        return Stage.STAGING
    return Stage.DEVELOPMENT if version.stage is Stage.DEVELOPMENT else Stage.ARCHIVED
