"""From an event on the bus to people: rule, queue and the function that sends."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk.constructs.dead_letters import DeadLetters
from cdk.constructs.layer_set import LayerSet
from cdk.constructs.published_value import PublishedValue
from cdk.constructs.python_function import PythonFunction
from cdk.environments import Environment
from cdk.stacks.storage import Storage
from mlops_platform.config.functions import SendAlertSettings

# What people must hear of; a released model is no alert.
ALERTING = ("Drift Detected", "Release Failed")
_SOURCE = "send_alert"
_TIMEOUT_SECONDS = 60
# AWS asks for six times the function's timeout.
_VISIBILITY = Duration.seconds(6 * _TIMEOUT_SECONDS)
# Together two hours in which a mail server or Slack may be away.
_ATTEMPTS = 20


class AlertDelivery(Construct):
    """What tells people, each channel once per incident.

    Parameters
    ----------
    storage
        The bus on which things happen, the channels' secret, and the table that remembers.

    Attributes
    ----------
    function : PythonFunction
        Sends; it stands outside the VPC, which has no way to mail servers and Slack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: LayerSet,
        storage: Storage,
    ) -> None:
        super().__init__(scope, construct_id)
        self._environment = environment
        self._storage = storage
        self._dead_letters = DeadLetters(
            self, "Unsent", environment=environment, source=_SOURCE
        ).queue
        queue = self._queue()
        self.function = self._function(layers, queue)
        events.Rule(
            self,
            "Rule",
            description="What people must hear of",
            event_bus=storage.bus,
            event_pattern=events.EventPattern(detail_type=[*ALERTING]),
            targets=[targets.SqsQueue(queue, dead_letter_queue=self._dead_letters)],
        )

    def _queue(self) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            visibility_timeout=_VISIBILITY,
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self._dead_letters, max_receive_count=_ATTEMPTS
            ),
        )
        self._publish("PublishedQueueUrl", "alert_queue_url", queue.queue_url)
        return queue

    def _function(self, layers: LayerSet, queue: sqs.Queue) -> PythonFunction:
        storage = self._storage
        function = PythonFunction(
            self,
            "SendAlert",
            source=_SOURCE,
            settings=SendAlertSettings(
                environment=self._environment.name,
                monitoring_table=storage.monitoring.table_name,
                alert_channels_arn=storage.alert_channels.secret_arn,
            ),
            environment=self._environment,
            layers=layers,
            memory_mb=256,
            timeout_seconds=_TIMEOUT_SECONDS,
        )
        # One alert has all the time there is: Slack may ask to wait for half a minute.
        function.add_event_source(
            event_sources.SqsEventSource(queue, batch_size=1, report_batch_item_failures=True)
        )
        storage.monitoring.grant(function, "dynamodb:GetItem", "dynamodb:PutItem")
        storage.key.grant_encrypt_decrypt(function)
        self._readable(storage).grant_read(function)
        return function

    def _readable(self, storage: Storage) -> secretsmanager.ISecret:
        """Return the secret without its key.

        With it a grant writes into the key's policy, in a stack that cannot know this function.
        """
        return secretsmanager.Secret.from_secret_complete_arn(
            self, "Channels", storage.alert_channels.secret_arn
        )

    def _publish(self, construct_id: str, key: str, value: str) -> None:
        PublishedValue(self, construct_id, environment=self._environment, key=key, value=value)
