"""What serving asks of a model, and how it finds the model's code by name."""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from mlops_platform.features.clock import parse_instant
from mlops_platform.features.state import EntityState

Features = Mapping[str, Any]
# For each entity that has a past; an unknown entity is simply absent.
States = Mapping[str, EntityState]


class Inference(Protocol):
    """One bundle of one model, loaded and ready to answer.

    ``mlops_platform.models.<name>.inference`` provides it through a function
    ``load_inference(folder: Path) -> Inference``, which verifies the unpacked bundle in `folder`
    and keeps in memory what it needs of it: the folder is gone afterwards.
    """

    @property
    def bundle_sha256(self) -> str:
        """The content hash of the bundle, 64 hexadecimal digits."""
        ...

    def golden_examples(self) -> Sequence[Mapping[str, Any]]:
        """Return what the bundle was seen to answer when it was made.

        Each example holds a ``request``, the packed ``states`` that it met (base64, by entity) and
        the ``expected`` answer.
        """
        ...

    def validate(self, features: Features) -> None:
        """Raise unless `features` fit the request signature.

        Raises
        ------
        RequestValidationError
            With every problem of the row; its `field` is the feature's bare name.
        """
        ...

    def required_entities(self, features: Features) -> list[str]:
        """Return the entities whose states a valid row needs, e.g. ``["user#7", "merchant#3"]``."""
        ...

    def input_rows(
        self, rows: Sequence[Features], states: States, occurred_at: Sequence[int]
    ) -> NDArray[np.float32]:
        """Return what the model takes for valid rows, of shape (n, n_inputs).

        Parameters
        ----------
        rows, states
            Features as requested, and what is known of their entities.
        occurred_at
            When each happened, epoch seconds.
        """
        ...

    def answer_rows(self, input_rows: NDArray[np.float32]) -> list[dict[str, Any]]:
        """Answer rows of inputs in their order; each answer is made of JSON's own types."""
        ...

    def predict_batch(self, rows: Sequence[Features], states: States) -> list[dict[str, Any]]:
        """Answer valid rows in their order, as `answer_rows` of their `input_rows`."""
        ...


def occurrence(features: Features, now: int) -> int:
    """Return when a valid row happened, in epoch seconds: as it states, or else now."""
    stated = features.get("timestamp")
    return now if stated is None else parse_instant(stated)


def load_inference(model_name: str, folder: Path) -> Inference:
    """Load an unpacked bundle with the code of its model.

    Parameters
    ----------
    model_name
        The folder's name below ``mlops_platform.models``.
    folder
        Where ``model.onnx`` and ``manifest.json`` lie.

    Raises
    ------
    BundleIntegrityError
        A file is not the one that the manifest names.
    """
    # By name, because serving stands below the models and must not import them.
    module = importlib.import_module(f"mlops_platform.models.{model_name}.inference")
    return cast("Inference", module.load_inference(folder))
