"""State RegisterModel: from a training artifact to a version in Staging."""

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from mlops_platform.aws.clients import client
from mlops_platform.aws.s3_uri import S3Uri
from mlops_platform.bundle.location import bundle_prefix
from mlops_platform.bundle.manifest import MANIFEST
from mlops_platform.bundle.reader import Bundle, open_bundle
from mlops_platform.config.functions import RegisterModelSettings
from mlops_platform.config.models import model_named
from mlops_platform.errors import BundleIntegrityError
from mlops_platform.pipeline.training_artifact import TrainingArtifact
from mlops_platform.pipeline.training_cause import training_cause
from mlops_platform.registry.ledger import Ledger
from mlops_platform.registry.mlflow_rest import MlflowRest
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.reconciliation import Reconciliation
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.releases import Releases
from mlops_platform.registry.transition import Cause

_BUNDLE, _EVALUATION = "bundle", "evaluation.json"


@dataclass(frozen=True, kw_only=True)
class ModelRegistration:
    """Puts bundles where serving finds them, and registers them.

    Parameters
    ----------
    s3
        boto3's client.
    bundle_bucket
        Where unpacked bundles lie, each under its own hash.
    registry
        MLflow's versions and stages.
    ledger
        Where a version becomes one that may be released.
    """

    s3: Any
    bundle_bucket: str
    registry: ModelRegistry
    ledger: Ledger

    @classmethod
    def from_settings(cls, settings: RegisterModelSettings) -> Self:
        """Build from the function's settings."""
        return cls(
            s3=client("s3"),
            bundle_bucket=settings.bundle_bucket,
            registry=ModelRegistry(MlflowRest(settings.tracking_uri)),
            ledger=Ledger.of_tables(
                client("dynamodb"), settings.ledger_table, settings.routing_table
            ),
        )

    def register(
        self, *, model_name: str, artifact_uri: str, execution_name: str
    ) -> dict[str, Any]:
        """Unpack and verify the bundle, put it in place, register it and put it into Staging.

        The bundle's place follows from its content and the registry knows the content, so a
        repetition ends where the first attempt would have.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        artifact_uri
            The training job's ``model.tar.gz``.
        execution_name
            The pipeline execution, kept as the version's lineage.

        Returns
        -------
        dict
            ``model_name``, ``version``, ``semantic_version``, ``bundle_uri``, ``bundle_sha256``.

        Raises
        ------
        TrainingArtifactError
            The archive is damaged or incomplete.
        BundleIntegrityError
            The bundle's files are not those of its manifest, or it is another model's.
        TrackingServerError
            MLflow did not answer in time.
        """
        model = model_named(model_name)
        artifact = TrainingArtifact(self.s3, artifact_uri)
        evaluation = artifact.read_json(_EVALUATION)
        with tempfile.TemporaryDirectory(prefix="bundle-") as name:
            folder = Path(name)
            artifact.extract(_BUNDLE, folder)
            bundle = _verified(folder, model.name)
            bundle_uri = self._upload(bundle, folder)
        measured = {key: evaluation.get(key, {}) for key in ("metrics", "contract")}
        registered = self.registry.register(
            model.name,
            bundle_uri=bundle_uri,
            bundle_sha256=bundle.sha256,
            manifest=bundle.manifest.to_dict(),
            training_execution=execution_name,
            measurements=measured,
        )
        version = RegisteredVersion.of(registered)
        self._stage(model.name, version, training_cause(execution_name, "trained", measured))
        return {"model_name": model.name, **asdict(version)}

    def _stage(self, model_name: str, version: RegisteredVersion, cause: Cause) -> None:
        """Enter the version into the ledger, there into Staging, and tell MLflow."""
        releases = Releases(self.ledger, model_name)
        releases.register(version, cause)
        releases.stage(version, cause)
        Reconciliation(self.ledger, self.registry).reconcile(model_name)

    def _upload(self, bundle: Bundle, folder: Path) -> str:
        """Copy the bundle to its place; the manifest comes last, so that it names what is there."""
        prefix = bundle_prefix(bundle.manifest.model_name, bundle.sha256)
        for name in (*sorted(bundle.manifest.files), MANIFEST):
            self.s3.put_object(
                Bucket=self.bundle_bucket, Key=prefix + name, Body=(folder / name).read_bytes()
            )
        return str(S3Uri(self.bundle_bucket, prefix))


def _verified(folder: Path, model_name: str) -> Bundle:
    bundle = open_bundle(folder)
    if bundle.manifest.model_name != model_name:
        raise BundleIntegrityError(
            f"The bundle is one of {bundle.manifest.model_name}, not of {model_name}; "
            "the training job wrote another model's."
        )
    return bundle
