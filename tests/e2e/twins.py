"""Further versions of what serves, which answer the same: made without a training."""

import json
from dataclasses import replace

from mlops_platform.aws.clients import client
from mlops_platform.aws.s3_uri import S3Uri
from mlops_platform.bundle.location import bundle_prefix
from mlops_platform.bundle.manifest import MANIFEST, Manifest
from mlops_platform.registry.ledger import Ledger
from mlops_platform.registry.mlflow_rest import MlflowRest
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.releases import Releases
from mlops_platform.registry.transition import Cause
from mlops_platform.sdk.discovery import discover
from tests.e2e.platform import MODEL, Platform


def ledger_of(platform: Platform) -> Ledger:
    """Return the ledger in the platform's tables."""
    tables = (discover(platform.config, name) for name in ("ledger_table", "routing_table"))
    return Ledger.of_tables(client("dynamodb"), *tables)


def register_twin(platform: Platform, name: str, *, with_files: bool = True) -> RegisteredVersion:
    """Register the bundle that serves under another hash; the same name is the same version.

    Parameters
    ----------
    name
        What its lineage says of the code, which alone tells it from its twin.
    with_files
        Whether the bundle's files are there, too.
    """
    twin = _Twin(platform, name)
    if with_files:
        twin.upload()
    registry = ModelRegistry(MlflowRest(discover(platform.config, "tracking_uri")))
    registered = registry.register(
        MODEL,
        bundle_uri=twin.uri,
        bundle_sha256=twin.manifest.bundle_sha256,
        manifest=twin.manifest.to_dict(),
        training_execution=name,
        measurements={},
    )
    version = RegisteredVersion.of(registered)
    cause = Cause(operation=f"register {name}", who="test", why="a further version")
    Releases(ledger_of(platform), MODEL).register(version, cause)
    return version


class _Twin:
    """A copy of the bundle that serves."""

    def __init__(self, platform: Platform, name: str) -> None:
        (variant,) = json.loads(platform.routing()["variants"]["S"])
        self._original = S3Uri.parse(variant["bundle_uri"])
        document = json.loads(self._read(MANIFEST))
        lineage = {**document["lineage"], "code_version": name}
        self.manifest = replace(Manifest.from_dict(document), lineage=lineage)

    @property
    def uri(self) -> str:
        return str(S3Uri(self._original.bucket, self._prefix))

    def upload(self) -> None:
        for file in self.manifest.files:
            self._write(file, self._read(file))
        self._write(MANIFEST, json.dumps(self.manifest.to_dict()).encode())

    @property
    def _prefix(self) -> str:
        return bundle_prefix(MODEL, self.manifest.bundle_sha256)

    def _read(self, file: str) -> bytes:
        place = {"Bucket": self._original.bucket, "Key": f"{self._original.key}{file}"}
        return bytes(client("s3").get_object(**place)["Body"].read())

    def _write(self, file: str, body: bytes) -> None:
        client("s3").put_object(
            Bucket=self._original.bucket, Key=f"{self._prefix}{file}", Body=body
        )
