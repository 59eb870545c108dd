"""The champion's bundle, measured by a candidate's job on the candidate's own test rows."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from mlops_platform.errors import BundleIntegrityError
from mlops_platform.training.job import TrainingJob

CHANNEL: Final = "champion"
logger = logging.getLogger(__name__)


class Served(Protocol):
    """A bundle that answers."""

    @property
    def bundle_sha256(self) -> str:
        """The content hash of the bundle."""
        ...


S = TypeVar("S", bound=Served)


def measure_champion(
    job: TrainingJob,
    load: Callable[[Path], S],
    measure: Callable[[S], tuple[dict[str, float], dict[str, Any]]],
) -> dict[str, Any] | None:
    """Return what ``evaluation.json`` says of the champion; None if it cannot be measured.

    A champion whose bundle is damaged, or that wants other features than this code makes, is not
    measured: the gate then decides nothing by itself.

    Parameters
    ----------
    job
        The candidate's; its channel ``champion`` holds the unpacked bundle, if there is a champion.
    load
        Loads it.
    measure
        Returns its metrics on the test rows, and the `paired_difference` of the candidate to it.
    """
    if not job.has_channel(CHANNEL):
        return None
    try:
        champion = load(job.channel(CHANNEL))
    except BundleIntegrityError as error:
        logger.warning("The champion was not measured: %s", error)
        return None
    metrics, paired = measure(champion)
    return {
        "semantic_version": job.hyperparameters.get("champion_semantic_version", ""),
        "bundle_sha256": champion.bundle_sha256,
        "metrics": metrics,
        "paired": paired,
    }
