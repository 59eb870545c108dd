"""MLflow's registered models: each method is one request, repeatable without harm but `create`."""

from collections.abc import Mapping
from dataclasses import dataclass

from mlops_platform.registry.mlflow_rest import MlflowRefusalError, MlflowRest
from mlops_platform.registry.model_version import BUNDLE_SHA256, ModelVersion

_EXISTS, _MISSING = "RESOURCE_ALREADY_EXISTS", "RESOURCE_DOES_NOT_EXIST"


@dataclass(frozen=True)
class MlflowModels:
    """Models, versions, tags and aliases of one tracking server.

    Parameters
    ----------
    mlflow
        The server.
    """

    mlflow: MlflowRest

    def ensure(self, model_name: str) -> None:
        """Create a model unless it is there."""
        try:
            self.mlflow.post("registered-models/create", {"name": model_name})
        except MlflowRefusalError as refusal:
            if refusal.code != _EXISTS:
                raise

    def versions(self, model_name: str, *, bundle_sha256: str = "") -> list[ModelVersion]:
        """Return the versions that this platform registered, in the order of their numbers.

        Parameters
        ----------
        model_name
            The model; an unknown one has no versions.
        bundle_sha256
            Only versions of this bundle.
        """
        condition = f"name='{model_name}'"
        if bundle_sha256:
            condition += f" and tags.{BUNDLE_SHA256}='{bundle_sha256}'"
        entries = self.mlflow.pages("model-versions/search", "model_versions", filter=condition)
        found = [version for entry in entries if (version := ModelVersion.from_mlflow(entry))]
        return sorted(found, key=lambda version: version.number)

    def create(self, model_name: str, *, source: str, run_id: str, tags: Mapping[str, str]) -> None:
        """Add a version with its tags in one step, so that none exists without them."""
        pairs = [{"key": key, "value": value} for key, value in tags.items()]
        body = {"name": model_name, "source": source, "run_id": run_id, "tags": pairs}
        self.mlflow.post("model-versions/create", body)

    def delete(self, version: ModelVersion) -> None:
        """Delete a version unless it is gone."""
        body = {"name": version.model_name, "version": version.version}
        try:
            self.mlflow.delete("model-versions/delete", body)
        except MlflowRefusalError as refusal:
            if refusal.code != _MISSING:
                raise

    def set_tag(self, version: ModelVersion, key: str, value: str) -> None:
        """Set one tag of a version."""
        body = {"name": version.model_name, "version": version.version, "key": key, "value": value}
        self.mlflow.post("model-versions/set-tag", body)

    def aliases(self, model_name: str) -> dict[str, str]:
        """Return the version number behind each alias; none for an unknown model."""
        try:
            model = self.mlflow.get("registered-models/get", name=model_name)["registered_model"]
        except MlflowRefusalError as refusal:
            if refusal.code != _MISSING:
                raise
            return {}
        return {alias["alias"]: str(alias["version"]) for alias in model.get("aliases", [])}

    def set_alias(self, model_name: str, alias: str, version: str) -> None:
        """Point an alias at a version."""
        body = {"name": model_name, "alias": alias, "version": version}
        self.mlflow.post("registered-models/alias", body)

    def remove_alias(self, model_name: str, alias: str) -> None:
        """Remove an alias; MLflow does not mind if there is none."""
        self.mlflow.delete("registered-models/alias", {"name": model_name, "alias": alias})
