"""What every model's inference does alike: it stands on a verified bundle."""

import functools
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mlops_platform.bundle.reader import Bundle, open_bundle
from mlops_platform.bundle.signature import Signature
from mlops_platform.errors import BundleIntegrityError, RequestValidationError
from mlops_platform.serving.inference import Features, ModelInputs, States, occurrence


@dataclass(frozen=True)
class BundledInference(ABC):
    """The part of `serving.inference.Inference` that a bundle answers by itself.

    Parameters
    ----------
    bundle
        The verified bundle.
    """

    bundle: Bundle

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Verify and load the bundle in a folder.

        Raises
        ------
        BundleIntegrityError
            A file is not the one that the manifest names, or the features are of another version.
        """
        return cls.from_bundle(open_bundle(folder))

    @classmethod
    @abstractmethod
    def from_bundle(cls, bundle: Bundle) -> Self:
        """Load a verified bundle; raises as `from_folder`."""

    @functools.cached_property
    def bundle_sha256(self) -> str:
        """The content hash of the bundle, 64 hexadecimal digits; every record names it."""
        return self.bundle.sha256

    @functools.cached_property
    def signature(self) -> Signature:
        """What a request may hold."""
        return Signature(self.bundle.manifest.request)

    def golden_examples(self) -> list[dict[str, Any]]:
        """Return requests with the states they met and the answers they must get."""
        return self.bundle.golden_examples()

    def validate(self, features: Features) -> None:
        """Raise unless `features` fit the bundle's request signature.

        Raises
        ------
        RequestValidationError
            With every problem of the row.
        """
        problems = self.signature.problems_of(features)
        if problems:
            raise RequestValidationError(problems)

    def required_entities(self, features: Features) -> list[str]:  # noqa: ARG002 - of those that do
        """Return the entities whose states a valid row needs: none."""
        return []

    @abstractmethod
    def prepare(
        self, rows: Sequence[Features], states: States, occurred_at: Sequence[int]
    ) -> ModelInputs:
        """Return what the model takes for valid rows."""

    def recorded(
        self, features: Features, output: dict[str, Any]
    ) -> tuple[Features, dict[str, Any]]:
        """Return what of a request and of its answer may be written down: all of it."""
        return features, output

    @abstractmethod
    def answer(self, inputs: ModelInputs) -> list[dict[str, Any]]:
        """Answer prepared rows in their order."""

    def predict_batch(self, rows: Sequence[Features], states: States) -> list[dict[str, Any]]:
        """Answer valid rows in their order; a row without a timestamp happens now."""
        now = int(time.time())
        occurred_at = [occurrence(row, now) for row in rows]
        return self.answer(self.prepare(rows, states, occurred_at))


def require_features(bundle: Bundle, version: int, names: Sequence[str]) -> None:
    """Raise unless a bundle was trained on the features that this code makes.

    Raises
    ------
    BundleIntegrityError
        They are of another version, or other ones.
    """
    manifest = bundle.manifest
    if (manifest.feature_version, tuple(manifest.feature_names)) != (version, tuple(names)):
        raise BundleIntegrityError(
            f"The bundle was trained on features of version {manifest.feature_version}; this "
            f"function makes version {version}. Train the model again, or deploy the code that it "
            "was trained with."
        )
