"""Where what a function could not handle waits for a redrive."""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk.constructs.published_value import PublishedValue
from cdk.environments import Environment


class DeadLetters(Construct):
    """The dead letters of one function, and what `mlops redrive` must know to deliver them.

    Parameters
    ----------
    source
        The function's folder.

    Attributes
    ----------
    queue : sqs.Queue
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, environment: Environment, source: str
    ) -> None:
        super().__init__(scope, construct_id)
        self._environment = environment
        self._source = source
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        self._publish("PublishedQueue", f"dead_letters/{source}", self.queue.queue_url)

    def publish(self, function: lambda_.IFunction) -> None:
        """Let clients find the function whose dead letters these are."""
        self._publish("PublishedFunction", f"functions/{self._source}", function.function_name)

    def _publish(self, construct_id: str, key: str, value: str) -> None:
        PublishedValue(self, construct_id, environment=self._environment, key=key, value=value)
