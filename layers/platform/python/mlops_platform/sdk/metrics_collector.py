"""What models do in production, for people who write Python."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from mlops_platform.aws.clients import client
from mlops_platform.config.models import model_named
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import RequestValidationError
from mlops_platform.monitoring.captured_prediction import CapturedPrediction
from mlops_platform.monitoring.losses import LossReport, report_losses
from mlops_platform.monitoring.monitoring_table import MonitoringTable
from mlops_platform.monitoring.performance_report import report_performance
from mlops_platform.monitoring.profile_store import ProfileStore
from mlops_platform.observability.log_subscription import pack_delivery, read_delivery
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.function_calls import send_event
from mlops_platform.serving.prediction_record import RecordWriter

_TIMES: Final = ("compute_ms", "lookup_ms", "degraded")


class MetricsCollector:
    """Metrics of one environment's models.

    Parameters
    ----------
    config
        Which environment, and where.
    """

    def __init__(self, config: MLOpsConfig) -> None:
        self.config = config
        self._records = RecordWriter()

    async def record_prediction(self, prediction: Mapping[str, Any]) -> None:
        """Let a prediction count that was made elsewhere than in the platform's functions.

        It goes the way of all others from the log on: numbered here, counted once, lost not
        unnoticed.

        Parameters
        ----------
        prediction
            ``prediction_id``, ``model_name``, ``model_version``, ``bundle_sha256``,
            ``occurred_at``, ``features``, ``inputs`` and ``output``, as serving records them;
            ``compute_ms``, ``lookup_ms`` and ``degraded`` if there is something to say.

        Raises
        ------
        RequestValidationError
            Something is missing or is not what serving writes; then nothing was sent.
        PlatformNotFoundError
            The environment is not deployed where the AWS variables point.
        """
        await asyncio.to_thread(self._record, prediction)

    def _record(self, prediction: Mapping[str, Any]) -> None:
        _require_valid(prediction)
        (line,) = self._records.lines(
            [{name: value for name, value in prediction.items() if name not in _TIMES}],
            degraded=prediction.get("degraded", []),
            compute_ms=prediction.get("compute_ms", 0.0),
            lookup_ms=prediction.get("lookup_ms", 0.0),
        )
        send_event(self.config, "ingest_predictions", pack_delivery([line.decode()]))

    async def calculate_performance_metrics(
        self, model_name: str, period: str = "day"
    ) -> dict[str, Any]:
        """Return counts, quality and latency of a model; see `report_performance`.

        Parameters
        ----------
        model_name
            The model.
        period
            ``hour``, ``day``, ``week`` or ``month``, ending now.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        RequestValidationError
            There is no such period.
        PlatformNotFoundError
            The environment is not deployed where the AWS variables point.
        """
        model = model_named(model_name)
        now = datetime.now(UTC)
        return await asyncio.to_thread(self._performance, model.name, period, now)

    def _performance(self, model_name: str, period: str, now: datetime) -> dict[str, Any]:
        bucket = discover(self.config, "monitoring_bucket")
        profiles = ProfileStore(s3=client("s3"), bucket=bucket, table=self._table())
        return report_performance(profiles, model_name, period, now)

    def report_losses(self, model_name: str, *, since: int = 0) -> LossReport:
        """Report which predictions of a model were counted and which are lost.

        Parameters
        ----------
        model_name
            The model.
        since
            Epoch second; environments that were last heard of before it are left out.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        PlatformNotFoundError
            The environment is not deployed where the AWS variables point.
        """
        model = model_named(model_name)
        now = int(datetime.now(UTC).timestamp())
        return report_losses(self._table(), model.name, now=now, since=since)

    def _table(self) -> MonitoringTable:
        return MonitoringTable(client("dynamodb"), discover(self.config, "monitoring_table"))


def _require_valid(prediction: Mapping[str, Any]) -> None:
    """Refuse what ingestion would refuse, while its writer can still hear it."""
    (line,) = RecordWriter().lines([dict(prediction)], degraded=[], compute_ms=0.0, lookup_ms=0.0)
    (record,) = read_delivery(pack_delivery([line.decode()])).records
    try:
        CapturedPrediction.from_record(record)
        missing = [name for name in ("model_version", "inputs", "output") if name not in record]
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        raise RequestValidationError([{"field": "prediction", "message": repr(error)}]) from error
    if missing:
        message = "is missing; give what serving records."
        raise RequestValidationError([{"field": name, "message": message} for name in missing])
