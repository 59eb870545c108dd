"""State ValidateData: check the tables, and say what the training job needs."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import ValidateDataSettings
from mlops_platform.config.model_config import ModelConfig
from mlops_platform.config.models import model_named
from mlops_platform.data.validation import load_tables
from mlops_platform.errors import ConfigurationError, DataValidationError
from mlops_platform.moments import parse_moment
from mlops_platform.pipeline.table_objects import DataBucket, TableObject, content_sha256
from mlops_platform.pipeline.training_request import TrainingRequest
from mlops_platform.registry.routing_table import RoutingTable, champion_of

# The column by which a table's rows have their place in time.
_TIME = "timestamp"
# Clocks differ, and a date may be given as its place's midnight.
_GRACE = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class TrainingPreparation:
    """Prepares one training job.

    Parameters
    ----------
    data_bucket
        Where the tables lie.
    routing_table
        What serves, which is the champion to compare with.
    encoder_weights
        Where models that need an encoder find its weights.
    """

    data_bucket: DataBucket
    routing_table: RoutingTable
    encoder_weights: str

    @classmethod
    def from_settings(cls, settings: ValidateDataSettings) -> Self:
        """Build from the function's settings."""
        return cls(
            data_bucket=DataBucket(client("s3"), settings.data_bucket),
            routing_table=RoutingTable(client("dynamodb"), settings.routing_table),
            encoder_weights=settings.encoder_weights,
        )

    def prepare(
        self,
        *,
        model_name: str,
        as_of: str,
        cause: str,
        execution_name: str,
        execution_input: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Check the model's tables and describe its training job.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        as_of
            ISO time, UTC unless it says otherwise; only data before it counts. At most a day
            from now: a feature snapshot of the future keeps out those of the days until then.
        cause
            Why it is trained.
        execution_name
            Name of the pipeline's execution. The same name gives the same name to the training
            job, so a repetition starts no second one; snapshot and champion are those of now.
        execution_input
            What the execution was started with; ``auto_promote_threshold`` may be in it.

        Returns
        -------
        dict
            ``model_name``, ``as_of``, ``cause``, ``training_job_name``, ``tuning_job_name``,
            ``channels`` (SageMaker's InputDataConfig), ``hyperparameters`` (strings),
            ``snapshot`` (``sha256``, ``rows``, ``first``, ``last`` of the model's first table),
            ``champion`` (null or ``version``,
            ``semantic_version``, ``bundle_uri``, ``revision``) and ``auto_promote_threshold`` (null
            unless the execution asks for one).

        Raises
        ------
        DataValidationError
            `as_of` is no moment or lies in the future, or a table breaks its schema; the message
            lists every problem.
        ModelNotFoundError
            There is no such model.
        ConfigurationError
            The threshold that the execution asks for is no share.
        """
        model = model_named(model_name)
        threshold = _threshold(execution_input)
        moment = _moment(as_of)
        snapshot = self._check_tables(model, moment)
        request = TrainingRequest(
            model=model,
            as_of=moment,
            execution_name=execution_name,
            encoder_weights=self.encoder_weights,
        )
        champion = self._champion(model_name)
        return {
            "model_name": model_name,
            "as_of": request.as_of_text,
            "cause": cause,
            "training_job_name": request.job_name,
            "tuning_job_name": request.tuning_job_name,
            "channels": request.channels(self.data_bucket.name, champion),
            "hyperparameters": request.hyperparameters(champion),
            "snapshot": snapshot,
            "champion": champion,
            "auto_promote_threshold": threshold,
        }

    def _check_tables(self, model: ModelConfig, as_of: datetime) -> dict[str, Any]:
        """Copy and check the tables; return the snapshot of what was found."""
        objects = {table: self.data_bucket.objects(table) for table in model.tables}
        with tempfile.TemporaryDirectory(prefix="tables-") as name:
            target = Path(name)
            for table, entries in objects.items():
                (target / table).mkdir()
                self.data_bucket.download(entries, target)
            folders = {table: target / table for table in model.tables}
            tables = load_tables(folders, as_of=as_of)
            files = [entry for entries in objects.values() for entry in entries]
            return _snapshot(files, tables[model.tables[0]], as_of)

    def _champion(self, model_name: str) -> dict[str, Any] | None:
        routing = self.routing_table.read(model_name)
        if routing is None:
            return None
        champion = champion_of(routing)
        return {
            "version": champion.version,
            "semantic_version": champion.semantic_version,
            "bundle_uri": champion.bundle_uri,
            "revision": routing.revision,
        }


def _snapshot(files: Sequence[TableObject], events: pa.Table, as_of: datetime) -> dict[str, Any]:
    """Describe the data that counts: all files' content, the events' number and span.

    What does not say when it happened counts as just before `as_of`, as the models take it.
    """
    just_before = pa.scalar(as_of - timedelta(seconds=1), pa.timestamp("us", tz="UTC"))
    if _TIME in events.column_names:
        times = pc.fill_null(events[_TIME].cast(just_before.type), just_before)
    else:
        times = pa.chunked_array([pa.repeat(just_before, len(events))])
    times = times.filter(pc.less(times, pa.scalar(as_of, just_before.type)))
    if not len(times):
        raise DataValidationError(
            f"No row lies before {as_of.isoformat()}, so there is nothing to train on; "
            "add older data or train as of a later moment."
        )
    span = pc.min_max(times).as_py()
    return {
        "sha256": content_sha256(files),
        "rows": len(times),
        "first": span["min"].isoformat(),
        "last": span["max"].isoformat(),
    }


def _threshold(execution_input: Mapping[str, Any]) -> float | None:
    """Read the optional threshold now, rather than after hours of training."""
    value = execution_input.get("auto_promote_threshold")
    if value is None:
        return None
    # JSON's true is a number to Python.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ConfigurationError(
            f"auto_promote_threshold is {value!r} in the execution's input; give a share such as "
            "0.95, or leave it out for the model's own."
        )
    return float(value)


def _moment(as_of: str) -> datetime:
    try:
        moment = parse_moment(as_of)
    except ValueError as error:
        raise DataValidationError(
            f"as_of is {as_of!r}; give an ISO time such as 2026-03-01T00:00:00Z."
        ) from error
    now = datetime.now(UTC)
    if moment > now + _GRACE:
        raise DataValidationError(
            f"as_of is {as_of!r}, but it is only {now:%Y-%m-%dT%H:%M:%SZ}. A feature snapshot of "
            "the future would keep out those of the days until then; give a moment that is past."
        )
    return moment
