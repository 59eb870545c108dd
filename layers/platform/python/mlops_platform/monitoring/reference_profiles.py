"""Reference profiles of the bundles that serve, read from where serving reads them."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from mlops_platform.bundle.location import bundle_prefix
from mlops_platform.bundle.manifest import MANIFEST, REFERENCE_PROFILE, Manifest
from mlops_platform.errors import BundleIntegrityError
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.profiles.reference import ReferenceProfile


@dataclass(frozen=True, kw_only=True)
class ReferenceProfiles:
    """Loads each bundle's reference profile once.

    Parameters
    ----------
    s3
        The boto3 client.
    bucket
        The bundle bucket.
    """

    s3: Any
    bucket: str
    _known: dict[Series, ReferenceProfile] = field(default_factory=dict)

    def of(self, series: Series) -> ReferenceProfile:
        """Return the reference profile of a bundle.

        Raises
        ------
        BundleIntegrityError
            The bundle is not the one that its hash names, is gone, or has no such file.
        ProfileError
            The profile is of another schema.
        """
        if series not in self._known:
            self._known[series] = ReferenceProfile.from_bytes(self._read_verified(series))
        return self._known[series]

    def _read_verified(self, series: Series) -> bytes:
        manifest = Manifest.from_dict(json.loads(self._read(series, MANIFEST)))
        if manifest.bundle_sha256 != series.bundle_sha256:
            raise BundleIntegrityError(
                f"The bundle of {series.model_name} {series.bundle_sha256[:12]} has another hash. "
                "Copy it again from where it was registered."
            )
        content = self._read(series, REFERENCE_PROFILE)
        if hashlib.sha256(content).hexdigest() != manifest.files[REFERENCE_PROFILE]["sha256"]:
            raise BundleIntegrityError(
                f"{REFERENCE_PROFILE} of {series.model_name} {series.bundle_sha256[:12]} is not "
                "the file that the manifest names. Copy the bundle again."
            )
        return content

    def _read(self, series: Series, name: str) -> bytes:
        object_key = bundle_prefix(*series) + name
        try:
            body: bytes = self.s3.get_object(Bucket=self.bucket, Key=object_key)["Body"].read()
        except self.s3.exceptions.NoSuchKey as error:
            raise BundleIntegrityError(
                f"There is no {object_key} in {self.bucket}, so predictions of this bundle cannot "
                "be counted; they wait in the dead-letter queue. If the bundle is older than "
                "reference profiles, train the model again; else copy it back and redrive."
            ) from error
        return body
