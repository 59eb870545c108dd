"""What a training job is asked, in SageMaker's words."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from mlops_platform.config.model_config import ModelConfig, Tuning

# SageMaker's limit for the name of a training job.
_MAX_NAME = 63
_DIGEST = 12
_RANDOM_STATE = 20260301
# What the training job calls each way of tuning.
_SEARCHES: Final[Mapping[Tuning, str]] = {
    "grid": "default",
    "optuna": "optuna",
    # A tuning job gives each of its training jobs a point, which comes first.
    "distributed": "default",
}


@dataclass(frozen=True, kw_only=True)
class TrainingRequest:
    """One training job before it starts.

    Parameters
    ----------
    model
        What is trained.
    as_of
        Only data before this moment counts, UTC.
    execution_name
        The pipeline execution that asks.
    encoder_weights
        Where a model that needs an encoder finds its weights.
    """

    model: ModelConfig
    as_of: datetime
    execution_name: str
    encoder_weights: str

    @property
    def as_of_text(self) -> str:
        """The moment as ISO text to the second, e.g. ``2026-03-01T00:00:00Z``."""
        return f"{self.as_of:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def job_name(self) -> str:
        """The job's name: the same for a retry, another for another execution."""
        day = f"{self.as_of:%Y%m%d}"
        room = _MAX_NAME - len(day) - _DIGEST - 2
        slug = re.sub(r"[^a-zA-Z0-9]+", "-", self.model.name)[:room].strip("-")
        return f"{slug}-{day}-{self._digest}"

    @property
    def tuning_job_name(self) -> str:
        """The tuning job's name, of which its training jobs' begin; it has less room."""
        return f"{self.model.short_slug}-{self._digest}"

    @property
    def _digest(self) -> str:
        return hashlib.sha256(self.execution_name.encode()).hexdigest()[:_DIGEST]

    def hyperparameters(self, champion: Mapping[str, Any] | None) -> dict[str, str]:
        """Return what SageMaker hands to the container, where everything is a string."""
        given = {
            "model_name": self.model.name,
            "as_of": self.as_of_text,
            "search": _SEARCHES[self.model.tuning],
            "random_state": str(_RANDOM_STATE),
            "execution_name": self.execution_name,
        }
        if self.model.needs_encoder:
            given["encoder_weights"] = self.encoder_weights
        if self.model.fine_tune:
            given["fine_tune"] = "true"
        if champion is not None:
            given["champion_semantic_version"] = champion["semantic_version"]
        return given

    def channels(
        self, data_bucket: str, champion: Mapping[str, Any] | None
    ) -> list[dict[str, Any]]:
        """Return InputDataConfig: a channel for each table, and one for the champion's bundle."""
        sources = {table: f"s3://{data_bucket}/{table}/" for table in self.model.tables}
        if champion is not None:
            sources["champion"] = champion["bundle_uri"]
        return [_channel(name, uri) for name, uri in sources.items()]


def _channel(name: str, uri: str) -> dict[str, Any]:
    source = {
        "S3DataType": "S3Prefix",
        "S3Uri": uri,
        "S3DataDistributionType": "FullyReplicated",
    }
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, "InputMode": "File"}
