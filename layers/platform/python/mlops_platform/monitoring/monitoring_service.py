"""What the API answers about models in production: it takes labels, tells performance and drift."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import AnswerMonitoringSettings
from mlops_platform.config.models import model_named
from mlops_platform.monitoring.drift_report import report_drift
from mlops_platform.monitoring.feedback import parse_feedback
from mlops_platform.monitoring.monitoring_table import MonitoringTable
from mlops_platform.monitoring.performance_report import report_performance
from mlops_platform.monitoring.profile_store import ProfileStore


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class MonitoringService:
    """The monitoring side of one environment.

    Parameters
    ----------
    profiles
        Where the counts lie.
    sqs
        The boto3 client.
    feedback_queue_url
        Where labels wait to be joined.
    clock
        The present moment.
    """

    profiles: ProfileStore
    sqs: Any
    feedback_queue_url: str
    clock: Callable[[], datetime] = _now

    @classmethod
    def from_settings(cls, settings: AnswerMonitoringSettings) -> Self:
        """Connect to table, bucket and queue."""
        table = MonitoringTable(client("dynamodb"), settings.monitoring_table)
        bucket = settings.monitoring_bucket
        return cls(
            profiles=ProfileStore(s3=client("s3"), bucket=bucket, table=table),
            sqs=client("sqs"),
            feedback_queue_url=settings.feedback_queue_url,
        )

    def take_feedback(self, model_name: str, body: str) -> dict[str, Any]:
        """Take labels; they count once their predictions have been captured.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        MalformedRequestError, RequestValidationError
            The body is not a list of labels of this model's predictions.
        """
        model = model_named(model_name)
        feedback = parse_feedback(model.name, body, int(self.clock().timestamp()))
        self.sqs.send_message(QueueUrl=self.feedback_queue_url, MessageBody=feedback.to_message())
        return {"accepted": len(feedback.labels)}

    def performance(self, model_name: str, period: str) -> dict[str, Any]:
        """Report a model's performance; see `report_performance`.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        RequestValidationError
            There is no such period.
        """
        return report_performance(self.profiles, model_named(model_name).name, period, self.clock())

    def drift(self, model_name: str, since: str | None) -> dict[str, Any]:
        """Report a model's drift; see `report_drift`.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        RequestValidationError
            `since` is no day.
        """
        model = model_named(model_name)
        return report_drift(self.profiles.table, model.name, since, self.clock().date())
