"""What serving asks of a model, and how it finds the model's code by name."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from mlops_platform.features.clock import parse_instant
from mlops_platform.features.state import EntityState

Features = Mapping[str, Any]
# For each entity that has a past; an unknown entity is simply absent.
States = Mapping[str, EntityState]


@dataclass(frozen=True, eq=False)
class ModelInputs:
    """What a model takes of some rows.

    Parameters
    ----------
    monitored
        The numbers that each row's record keeps and that drift is looked for in, float32 of shape
        (n, n_monitored); their names stand in the bundle's reference profile.
    feeds
        The graph's inputs by name. They may be the monitored numbers themselves, or what is too
        wide to be recorded, such as hashed text.
    """

    monitored: NDArray[np.float32]
    feeds: Mapping[str, NDArray[Any]]


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

    def prepare(
        self, rows: Sequence[Features], states: States, occurred_at: Sequence[int]
    ) -> ModelInputs:
        """Return what the model takes for n valid rows.

        Parameters
        ----------
        rows, states
            Features as requested, and what is known of their entities.
        occurred_at
            When each happened, epoch seconds.
        """
        ...

    def answer(self, inputs: ModelInputs) -> list[dict[str, Any]]:
        """Answer prepared rows in their order; each answer is made of JSON's own types."""
        ...

    def recorded(
        self, features: Features, output: dict[str, Any]
    ) -> tuple[Features, dict[str, Any]]:
        """Return what of a request and of its answer may be written down."""
        ...

    def predict_batch(self, rows: Sequence[Features], states: States) -> list[dict[str, Any]]:
        """Answer valid rows in their order, as `answer` does what `prepare` makes of them."""
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
