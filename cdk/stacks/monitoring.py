"""Monitoring: the functions that count what models do in production."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk.constructs.alert_delivery import AlertDelivery
from cdk.constructs.dead_letters import DeadLetters
from cdk.constructs.layer_set import LayerSet
from cdk.constructs.published_value import PublishedValue
from cdk.constructs.python_function import PythonFunction
from cdk.environments import Environment
from cdk.stacks.platform_stack import PlatformStack
from cdk.stacks.storage import Storage
from mlops_platform.config.functions import (
    AnswerMonitoringSettings,
    CompactProfilesSettings,
    DetectDriftSettings,
    IngestPredictionsSettings,
    JoinFeedbackSettings,
)
from mlops_platform.config.settings import Settings

_JOIN_TIMEOUT_SECONDS = 30
# Together, how long a label may come before its prediction: SQS gives it back as often, and AWS
# asks for a visibility of six times the function's timeout.
_JOIN_VISIBILITY = Duration.seconds(6 * _JOIN_TIMEOUT_SECONDS)
_JOIN_ATTEMPTS = 20


class Monitoring(PlatformStack):
    """What counts predictions and labels, and tells people.

    Attributes
    ----------
    ingest_predictions : PythonFunction
        Subscribes to what the predict functions write.
    answer_monitoring : PythonFunction
        Answers the API's routes about models in production.
    join_feedback, compact_profiles, detect_drift : PythonFunction
    alerts : AlertDelivery
        Tells people of incidents.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, environment: Environment, storage: Storage
    ) -> None:
        super().__init__(scope, construct_id, environment=environment)
        self._environment = environment
        self._storage = storage
        self._layers = LayerSet(self, "Layers")
        self._tables = {
            "monitoring_table": storage.monitoring.table_name,
            "monitoring_bucket": storage.monitoring_objects.bucket_name,
        }
        self.ingest_predictions = self._ingest_predictions()
        feedback = self._feedback_queue()
        self.join_feedback = self._join_feedback(feedback)
        self.answer_monitoring = self._answer_monitoring(feedback)
        self.compact_profiles = self._compact_profiles()
        self.alerts = AlertDelivery(
            self, "Alerts", environment=environment, layers=self._layers, storage=storage
        )
        self.detect_drift = self._detect_drift()

    def _ingest_predictions(self) -> PythonFunction:
        dead_letters = DeadLetters(
            self, "Uncounted", environment=self._environment, source="ingest_predictions"
        )
        function = self._function(
            "ingest_predictions",
            IngestPredictionsSettings(
                **self._tables, bundle_bucket=self._storage.bundles.bucket_name
            ),
            timeout_seconds=120,
            dead_letters=dead_letters.queue,
        )
        dead_letters.publish(function)
        self._storage.monitoring.grant_read_write_data(function)
        self._storage.monitoring_objects.grant_put(function)
        self._storage.bundles.grant_read(function)
        return function

    def _feedback_queue(self) -> sqs.Queue:
        dead_letters = DeadLetters(
            self, "Unjoined", environment=self._environment, source="join_feedback"
        )
        queue = sqs.Queue(
            self,
            "Feedback",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            visibility_timeout=_JOIN_VISIBILITY,
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=dead_letters.queue, max_receive_count=_JOIN_ATTEMPTS
            ),
        )
        PublishedValue(
            self,
            "PublishedFeedbackQueueUrl",
            environment=self._environment,
            key="feedback_queue_url",
            value=queue.queue_url,
        )
        return queue

    def _join_feedback(self, queue: sqs.Queue) -> PythonFunction:
        function = self._function(
            "join_feedback",
            JoinFeedbackSettings(**self._tables, bundle_bucket=self._storage.bundles.bucket_name),
            timeout_seconds=_JOIN_TIMEOUT_SECONDS,
        )
        function.add_event_source(
            # It may hold a thousand labels, which take seconds.
            event_sources.SqsEventSource(queue, batch_size=1, report_batch_item_failures=True)
        )
        self._storage.monitoring.grant_read_write_data(function)
        self._storage.monitoring_objects.grant_read(function, "predictions/*")
        self._storage.monitoring_objects.grant_put(function, "profiles/*")
        self._storage.bundles.grant_read(function)
        return function

    def _answer_monitoring(self, queue: sqs.Queue) -> PythonFunction:
        function = self._function(
            "answer_monitoring",
            AnswerMonitoringSettings(**self._tables, feedback_queue_url=queue.queue_url),
            timeout_seconds=29,
        )
        queue.grant_send_messages(function)
        self._storage.monitoring.grant_read_data(function)
        self._storage.monitoring_objects.grant_read(function, "profiles/*")
        return function

    def _compact_profiles(self) -> PythonFunction:
        function = self._function(
            "compact_profiles", CompactProfilesSettings(**self._tables), timeout_seconds=900
        )
        self._storage.monitoring.grant_read_write_data(function)
        self._storage.monitoring_objects.grant_read_write(function, "profiles/*")
        self._storage.monitoring_objects.grant_delete(function, "profiles/*")
        events.Rule(
            self,
            "Hourly",
            description="Merge the profiles of past hours and days",
            # When what the last hour saw has arrived.
            schedule=events.Schedule.cron(minute="20"),
            targets=[targets.LambdaFunction(function)],
        )
        return function

    def _detect_drift(self) -> PythonFunction:
        function = self._function(
            "detect_drift",
            DetectDriftSettings(
                **self._tables,
                bundle_bucket=self._storage.bundles.bucket_name,
                routing_table=self._storage.routing.table_name,
                event_bus=self._storage.bus.event_bus_name,
            ),
            timeout_seconds=300,
        )
        self._storage.monitoring.grant_read_write_data(function)
        self._storage.routing.grant(function, "dynamodb:GetItem")
        self._storage.monitoring_objects.grant_read(function, "profiles/*")
        self._storage.bundles.grant_read(function)
        self._storage.bus.grant_put_events_to(function)
        events.Rule(
            self,
            "HourlyDrift",
            description="Compare the last complete days with training",
            # After the hour's profiles were merged, which leaves fewer to read.
            schedule=events.Schedule.cron(minute="40"),
            targets=[targets.LambdaFunction(function)],
        )
        return function

    def _function(
        self,
        source: str,
        settings: Settings,
        *,
        timeout_seconds: int,
        dead_letters: sqs.IQueue | None = None,
    ) -> PythonFunction:
        return PythonFunction(
            self,
            "".join(part.capitalize() for part in source.split("_")),
            source=source,
            settings=settings,
            environment=self._environment,
            layers=self._layers,
            # For its numpy.
            libraries=["onnx_runtime"],
            timeout_seconds=timeout_seconds,
            dead_letters=dead_letters,
        )
