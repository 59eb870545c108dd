"""State MaterializeFeatures: the feature state that training computed goes online."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Self, cast

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import MaterializeFeaturesSettings
from mlops_platform.errors import FeatureStateError
from mlops_platform.features.clock import format_instant
from mlops_platform.features.snapshot_file import read_snapshot
from mlops_platform.pipeline.training_artifact import TrainingArtifact
from mlops_platform.serving.feature_table import FeatureTable
from mlops_platform.serving.materialization import Materialization

_FEATURE_STATE = "feature_state.jsonl.gz"
_DAMAGES = (EOFError, gzip.BadGzipFile, zlib.error, ValueError, KeyError, TypeError)


@dataclass(frozen=True, kw_only=True)
class FeatureMaterialization:
    """Streams a training job's feature state into the online feature table.

    Parameters
    ----------
    s3, dynamodb
        boto3's clients.
    feature_table
        The online feature table.
    """

    s3: Any
    dynamodb: Any
    feature_table: str

    @classmethod
    def from_settings(cls, settings: MaterializeFeaturesSettings) -> Self:
        """Build from the function's settings."""
        return cls(
            s3=client("s3"), dynamodb=client("dynamodb"), feature_table=settings.feature_table
        )

    def materialize(self, artifact_uri: str) -> dict[str, Any]:
        """Write what is not online yet; stopped at any point, it may be started anew.

        Returns
        -------
        dict
            ``as_of`` (ISO time of the snapshot) and ``entities`` (how many states were written).

        Raises
        ------
        TrainingArtifactError
            The archive holds no snapshot.
        FeatureStateError
            The snapshot cannot be read.
        """
        artifact = TrainingArtifact(self.s3, artifact_uri)
        with artifact.open(_FEATURE_STATE) as compressed:
            as_of, states = _read(cast("BinaryIO", compressed))
            n_written = Materialization(
                table=FeatureTable(dynamodb=self.dynamodb, name=self.feature_table), as_of=as_of
            ).run(states)
        return {"as_of": format_instant(as_of), "entities": n_written}


def _read(compressed: BinaryIO) -> tuple[int, Iterator[tuple[str, bytes]]]:
    """Read the snapshot's moment, and its states while they are asked for."""
    try:
        as_of, states = read_snapshot(compressed)
    except _DAMAGES as error:
        raise _damaged(error) from error
    return as_of, _readable(states)


def _readable(states: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    try:
        yield from states
    except _DAMAGES as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> FeatureStateError:
    return FeatureStateError(f"{_FEATURE_STATE} is damaged ({error!r}); train again.")
