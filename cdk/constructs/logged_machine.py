"""A state machine as every state machine of the platform is: traced, logged and timed out."""

from aws_cdk import Duration
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk.environments import Environment


class LoggedMachine(sfn.StateMachine):
    """One state machine with its log group.

    Parameters
    ----------
    definition
        Its first state, and what follows.
    timeout
        After which an execution has failed.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        definition: sfn.IChainable,
        timeout: Duration,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            definition_body=sfn.DefinitionBody.from_chainable(definition),
            timeout=timeout,
            tracing_enabled=True,
            logs=sfn.LogOptions(
                destination=logs.LogGroup(
                    scope,
                    "Logs",
                    retention=environment.log_retention,
                    removal_policy=environment.removal_policy,
                ),
                level=sfn.LogLevel.ALL,
                include_execution_data=environment.logs_execution_data,
            ),
        )
