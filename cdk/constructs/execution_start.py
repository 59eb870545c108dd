"""The rights to run one state machine from another, and to wait for its end."""

from collections.abc import Iterable

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn

RUN_AND_WAIT = "arn:aws:states:::states:startExecution.sync:2"
# Step Functions learns of an execution's end by a rule of this name, which it manages itself.
_EVENTS_RULE = "StepFunctionsGetEventsForStepFunctionsExecutionRule"


def grant_run(starter: sfn.StateMachine, started: Iterable[sfn.IStateMachine]) -> None:
    """Let `starter` run executions of other machines with `RUN_AND_WAIT`."""
    for machine in started:
        machine.grant_start_execution(starter)
        machine.grant_execution(starter, "states:DescribeExecution", "states:StopExecution")
    rule = Stack.of(starter).format_arn(
        service="events",
        resource="rule",
        resource_name=_EVENTS_RULE,
        arn_format=ArnFormat.SLASH_RESOURCE_NAME,
    )
    starter.add_to_role_policy(
        iam.PolicyStatement(
            actions=["events:PutTargets", "events:PutRule", "events:DescribeRule"],
            resources=[rule],
        )
    )
