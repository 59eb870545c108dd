"""The registry: MLflow's model versions under this platform's rules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlops_platform.errors import ModelVersionNotFoundError
from mlops_platform.registry.mlflow_models import MlflowModels
from mlops_platform.registry.mlflow_rest import MlflowRest
from mlops_platform.registry.model_version import (
    BUNDLE_SHA256,
    BUNDLE_URI,
    EXECUTION,
    INTERFACE,
    MEASUREMENTS,
    PRODUCTION_ALIAS,
    SEMANTIC_VERSION,
    STAGE,
    STAGING_ALIAS,
    ModelVersion,
    Stage,
    stage_of,
)
from mlops_platform.registry.semantic_version import FIRST, Interface, next_version


@dataclass(frozen=True)
class ModelRegistry:
    """Versions, numbers and stages of models.

    Every method may be repeated after a crash at any point: it looks at what is there, and does
    what is missing.

    Parameters
    ----------
    mlflow
        The tracking server.
    """

    mlflow: MlflowRest

    @property
    def _models(self) -> MlflowModels:
        return MlflowModels(self.mlflow)

    def versions(self, model_name: str) -> list[ModelVersion]:
        """Return a model's versions in the order of their registration; none if unknown."""
        return self._models.versions(model_name)

    def find(self, model_name: str, text: str) -> ModelVersion:
        """Return the version that `text` names by number (``3``) or by meaning (``1.0.2``).

        Numbers a version whose registration died before that, so that nothing serves without one.

        Raises
        ------
        ModelVersionNotFoundError
            There is none.
        """
        versions = self.versions(model_name)
        if any(version.semantic_version is None for version in versions):
            self._number(model_name)
            versions = self.versions(model_name)
        for version in versions:
            if text in {version.version, str(version.semantic_version)}:
                return version
        known = ", ".join(f"{v.version} ({v.semantic_version})" for v in versions) or "none"
        raise ModelVersionNotFoundError(
            f"{model_name} has no version {text!r}. Registered versions: {known}."
        )

    def aliases(self, model_name: str) -> dict[str, str]:
        """Return the version number behind each alias."""
        return self._models.aliases(model_name)

    def register(
        self,
        model_name: str,
        *,
        bundle_uri: str,
        bundle_sha256: str,
        manifest: Mapping[str, Any],
        training_execution: str,
        measurements: Mapping[str, Any],
    ) -> ModelVersion:
        """Register a bundle once: the same content is the same version, however often it comes.

        Parameters
        ----------
        model_name, bundle_uri, bundle_sha256
            Which bundle, and where it lies unpacked.
        manifest
            The bundle's manifest.
        training_execution
            The pipeline execution that made it.
        measurements
            ``metrics`` and ``contract`` of its evaluation.
        """
        self._models.ensure(model_name)
        same = self._models.versions(model_name, bundle_sha256=bundle_sha256)
        if not same:
            tags = {
                BUNDLE_URI: bundle_uri,
                BUNDLE_SHA256: bundle_sha256,
                INTERFACE: Interface.from_manifest(manifest).to_json(),
                EXECUTION: training_execution,
                MEASUREMENTS: json.dumps(measurements, sort_keys=True),
                STAGE: str(Stage.DEVELOPMENT),
            }
            run_id = manifest["lineage"].get("run_id", "")
            self._models.create(model_name, source=bundle_uri, run_id=run_id, tags=tags)
            same = self._models.versions(model_name, bundle_sha256=bundle_sha256)
        # A request that was sent twice, or two executions at once, may have made twins.
        for twin in same[1:]:
            self._models.delete(twin)
        self._number(model_name)
        return self.find(model_name, same[0].version)

    def follow(self, model_name: str, *, production: str | None, staging: str | None) -> None:
        """Make tags, then aliases, say which versions serve and wait (None: no version)."""
        for version, stage in self._stale_stages(model_name, production, staging):
            self._models.set_tag(version, STAGE, str(stage))
        aliases = self.aliases(model_name)
        # Production comes last: what it names has all of its release behind it.
        for alias, wanted in ((STAGING_ALIAS, staging), (PRODUCTION_ALIAS, production)):
            if aliases.get(alias) == wanted:
                continue
            if wanted is None:
                self._models.remove_alias(model_name, alias)
            else:
                self._models.set_alias(model_name, alias, wanted)

    def agrees(self, model_name: str, *, production: str | None, staging: str | None) -> bool:
        """Return whether aliases and tags say already what `follow` would make them say."""
        aliases = self.aliases(model_name)
        told = (aliases.get(PRODUCTION_ALIAS), aliases.get(STAGING_ALIAS))
        return told == (production, staging) and not self._stale_stages(
            model_name, production, staging
        )

    def _stale_stages(
        self, model_name: str, production: str | None, staging: str | None
    ) -> list[tuple[ModelVersion, Stage]]:
        """Return the versions whose tag says something else than their stage, with the stage."""
        return [
            (version, stage)
            for version in self.versions(model_name)
            if (stage := stage_of(version, staging=staging, production=production))
            is not version.stage
        ]

    def _number(self, model_name: str) -> None:
        """Give every version without a number the one that follows from its predecessor."""
        previous, earlier = None, None
        for version in self.versions(model_name):
            number = version.semantic_version
            if number is None:
                number = (
                    FIRST
                    if previous is None or earlier is None
                    else next_version(previous, earlier, version.interface)
                )
                self._models.set_tag(version, SEMANTIC_VERSION, str(number))
            previous, earlier = number, version.interface
