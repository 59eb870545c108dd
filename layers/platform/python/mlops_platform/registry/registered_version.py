"""What the ledger knows of a version: enough to serve it without asking MLflow."""

from dataclasses import dataclass
from typing import Self

from mlops_platform.registry.model_version import ModelVersion
from mlops_platform.serving.routing import Variant


@dataclass(frozen=True, kw_only=True)
class RegisteredVersion:
    """One version of a model as its registration left it.

    Parameters
    ----------
    version, semantic_version
        MLflow's number of it, and what people call it.
    bundle_uri, bundle_sha256
        Where the unpacked bundle lies, and its content hash.
    """

    version: str
    semantic_version: str
    bundle_uri: str
    bundle_sha256: str

    @classmethod
    def of(cls, version: ModelVersion) -> Self:
        """Take from MLflow's version what serving needs."""
        return cls(
            version=version.version,
            semantic_version=str(version.semantic_version),
            bundle_uri=version.bundle_uri,
            bundle_sha256=version.bundle_sha256,
        )

    @property
    def names(self) -> tuple[str, str]:
        """What people may call it: its number and its semantic version."""
        return self.version, self.semantic_version

    def variant(self) -> Variant:
        """Return it as the one that gets all traffic."""
        return Variant(
            version=self.version,
            semantic_version=self.semantic_version,
            bundle_uri=self.bundle_uri,
            weight=1.0,
        )
