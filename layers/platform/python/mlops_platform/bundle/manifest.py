"""The manifest: what a bundle says about itself, and the hash that names it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from mlops_platform.bundle.signature import Field
from mlops_platform.errors import BundleIntegrityError

SCHEMA_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
MODEL: Final = "model.onnx"
GOLDEN: Final = "golden.json"
REFERENCE_PROFILE: Final = "reference_profile.json"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """All that serving and the registry must know of a bundle.

    Parameters
    ----------
    model_name, algorithm
        Whose bundle it is, and what was learnt with.
    as_of
        ISO 8601: only data before this moment counted.
    request, response
        The signature.
    feature_version, feature_names
        Which feature code made the rows, and their columns' order.
    threshold
        From this score on the answer is positive, in [0, 1].
    parity
        ``max_abs_diff`` and ``n_rows`` of the comparison with the source model.
    lineage
        ``data_snapshot_sha256``, ``code_version``, ``hyperparameters``, ``random_state``,
        ``run_id``.
    files
        Name → ``{"sha256", "size_bytes"}`` of every other file.
    """

    model_name: str
    algorithm: str
    as_of: str
    request: Sequence[Field]
    response: Sequence[Field]
    feature_version: int
    feature_names: Sequence[str]
    threshold: float
    parity: Mapping[str, float]
    lineage: Mapping[str, Any]
    files: Mapping[str, Mapping[str, Any]]

    @property
    def bundle_sha256(self) -> str:
        """The hash over all files and this manifest, 64 hexadecimal digits.

        The run's id is left out: the same data, code and seed make the same bundle in any run.
        """
        document = self.to_dict()
        document["lineage"] = {k: v for k, v in self.lineage.items() if k != "run_id"}
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Return the manifest as JSON's own types."""
        return {
            "schema_version": SCHEMA_VERSION,
            "model_name": self.model_name,
            "algorithm": self.algorithm,
            "as_of": self.as_of,
            "signature": {
                "request": [field.to_dict() for field in self.request],
                "response": [field.to_dict() for field in self.response],
            },
            "features": {"version": self.feature_version, "names": list(self.feature_names)},
            "threshold": self.threshold,
            "parity": dict(self.parity),
            "lineage": dict(self.lineage),
            "files": {name: dict(entry) for name, entry in sorted(self.files.items())},
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned.

        Raises
        ------
        BundleIntegrityError
            Something is missing, or the manifest is of another schema.
        """
        if document.get("schema_version") != SCHEMA_VERSION:
            raise BundleIntegrityError(
                f"The manifest is of schema {document.get('schema_version')!r}; this code reads "
                f"{SCHEMA_VERSION}. Train the model again with this version of the platform."
            )
        try:
            return cls(
                model_name=document["model_name"],
                algorithm=document["algorithm"],
                as_of=document["as_of"],
                request=[Field.from_dict(f) for f in document["signature"]["request"]],
                response=[Field.from_dict(f) for f in document["signature"]["response"]],
                feature_version=document["features"]["version"],
                feature_names=document["features"]["names"],
                threshold=document["threshold"],
                parity=document["parity"],
                lineage=document["lineage"],
                files=document["files"],
            )
        except (KeyError, TypeError) as error:
            raise BundleIntegrityError(
                f"The manifest is incomplete: {error}. Train the model again."
            ) from error
